//! The server of this program: its rules, its storage, its protocol and its settings.

mod running;
