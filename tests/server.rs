//! The server of this program: its rules, its storage, its protocol and its settings.

mod keys;
mod races;
mod renewal;
mod rules;
mod running;
mod site;
mod storage;
