//! The server of this program: its rules, its storage, its protocol and its settings.

mod abuse;
mod embedded;
mod golden;
mod keys;
mod logins;
mod protocol;
mod races;
mod renewal;
mod rules;
mod running;
mod settings;
mod site;
mod storage;
mod wire;
