mod described;
mod form;
mod golden;
mod threshold;
mod trusted;
