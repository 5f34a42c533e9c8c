//! What the application tells the screen about plans: shown, described, under way, over.

use super::layers::Layer;
use super::layers::plan::Dialog;
use super::layers::second::Second;
use super::notice::{self, Notice};
use super::{Ui, layers};
use crate::actions::{Outcome, Plan, Unavailable};
use crate::domain::confirmation::Asked;
use crate::domain::order::Call;

impl Ui {
    /// Shows `plan` in the dialog with this number. If that is open already, the new plan takes the old one's place.
    pub fn plan(&mut self, dialog: u64, plan: Plan) {
        match self.dialog(dialog) {
            Some(open) => open.replace(plan),
            None => self.layers.push(Layer::Plan(Box::new(Dialog::new(dialog, plan)))),
        }
    }

    /// The exact calls of the plan in the dialog with this number.
    pub fn described(&mut self, dialog: u64, calls: Vec<Call>) {
        if let Some(open) = self.dialog(dialog) {
            open.describe(calls);
        }
    }

    /// The plan in the dialog with this number is no longer to be had: it stays on the screen and cannot be confirmed.
    pub fn gone(&mut self, dialog: u64, why: Unavailable) {
        if let Some(open) = self.dialog(dialog) {
            open.close_for(why);
        }
    }

    /// How far the confirmed deed of this dialog is, in words: `sent, watching until …`.
    pub fn progress(&mut self, dialog: u64, words: impl Into<String>) {
        self.status.progress(dialog, words.into());
    }

    /// The deed of this dialog is over; the dialog goes, if it is still open.
    pub fn close(&mut self, dialog: u64, outcome: &Outcome) {
        let name = self.dialog(dialog).map(|open| notice::name(open.plan()));
        self.layers.retain(|layer| !matches!(layer, Layer::Plan(open) if open.number() == dialog));
        self.status.end(dialog, name, outcome);
    }

    /// Shows what a second person is to be told for the deed of this dialog, in the place of the dialog.
    pub fn await_second(&mut self, dialog: u64, plan: &Plan, asked: Asked) {
        if !self.layers.iter().any(|layer| matches!(layer, Layer::Second(open) if open.dialog() == dialog)) {
            self.layers.push(Layer::Second(Second::new(dialog, notice::name(plan), asked)));
        }
    }

    /// No second person is waited for any more.
    pub fn no_second(&mut self, dialog: u64) {
        self.layers.retain(|layer| !matches!(layer, Layer::Second(open) if open.dialog() == dialog));
    }

    /// Says why what was asked for is not to be had.
    pub fn refuse(&mut self, why: &Unavailable) {
        self.status.say(Notice::why(why));
    }

    /// Says something in the line above the footer, until the next key.
    pub fn say(&mut self, notice: Notice) {
        self.status.say(notice);
    }

    /// Says something in the line above the footer, until it is put away or a deed is confirmed.
    pub fn tell(&mut self, notice: Notice) {
        self.status.tell(notice);
    }

    /// Whether the dialog with this number is open.
    pub fn is_open(&self, dialog: u64) -> bool {
        self.layers.iter().any(|layer| matches!(layer, Layer::Plan(open) if open.number() == dialog))
    }

    fn dialog(&mut self, dialog: u64) -> Option<&mut layers::plan::Dialog> {
        self.layers.iter_mut().find_map(|layer| match layer {
            Layer::Plan(open) if open.number() == dialog => Some(&mut **open),
            _ => None,
        })
    }
}
