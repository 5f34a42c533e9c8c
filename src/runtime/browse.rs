//! Opening an address: in the browser of this machine, if somebody sits at it; else the address is said.

/// Opens `address` if it is one of the web and there is a screen to open it on; what is said of it.
pub fn open(address: &str) -> String {
    let web = address.starts_with("http://") || address.starts_with("https://");
    if !web {
        return format!("not an address of the web: {address}");
    }
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let remote = set("SSH_CONNECTION") || set("SSH_TTY");
    let screen = cfg!(target_os = "macos") || set("DISPLAY") || set("WAYLAND_DISPLAY");
    if remote || !screen {
        return address.to_owned();
    }
    match open::that_detached(address) {
        Ok(()) => format!("opened {address}"),
        Err(error) => format!("{address} could not be opened: {error}"),
    }
}
