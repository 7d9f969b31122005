//! What must not get in the way: limits of the machine, processes that were killed, other processes
//! at work, damaged files, and servers that lost something.

mod leftovers;
mod limits;
mod lost;
mod passphrases;
mod pins;
mod waiting;

const GUN: &str = "example.com/robust";
