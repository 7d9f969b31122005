//! The command line as users and scripts meet it: what may be given, what comes out, and what is
//! said when something is wrong.

mod config;
mod creating;
mod deleting;
mod hostile;
mod key_list;
mod names;
mod passphrases;
mod reading;
mod recursive;
mod refused_delegations;
mod role_choice;
mod staging;
mod streams;
mod unfit;
mod verifying;
mod who;

const GUN: &str = "example.com/app";
