mod described;
mod form;
mod golden;
mod refused;
mod threshold;
mod trusted;
