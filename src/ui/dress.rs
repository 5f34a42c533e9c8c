//! What the screen wears: choosing a theme, and following a theme file that is being written.

use super::Ui;
use super::layers::Layer;
use super::layers::choice::{Choice, Of};
use super::notice::Notice;
use super::theme::{Depth, File};

impl Ui {
    pub(super) fn choose_theme(&mut self) {
        let names = self.theme_names();
        self.layers.push(Layer::Choice(Choice::new(Of::Theme, names, self.look.theme.name())));
    }

    /// The themes to choose from: without colour they all look the same.
    fn theme_names(&self) -> Vec<String> {
        match self.look.theme.depth() {
            Depth::None => vec![self.look.theme.name().to_owned()],
            _ => self.themes.names().into_iter().map(str::to_owned).collect(),
        }
    }

    /// Puts on the theme called `name`, as it is now; without one everything stays.
    pub(super) fn wear(&mut self, name: &str) {
        if let Some(theme) = self.themes.named(name, self.look.theme.depth()) {
            self.look.theme = theme;
        }
    }

    /// Takes the operator's theme files as they are now: what is on the screen follows, and what is wrong is said.
    pub fn take_themes(&mut self, files: &[File]) {
        let before = self.themes.trouble();
        self.themes.take(files);
        let name = self.look.theme.name().to_owned();
        self.wear(&name);
        let names = self.theme_names();
        for layer in &mut self.layers {
            if let Layer::Choice(choice) = layer {
                choice.renew(Of::Theme, &names);
            }
        }
        match (before, self.themes.trouble()) {
            (before, Some(trouble)) if before.as_ref() != Some(&trouble) => self.status.say(Notice::caution(trouble)),
            (Some(_), None) => self.status.say(Notice::note("every theme file is in order")),
            _ => {}
        }
    }
}
