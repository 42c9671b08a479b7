//! Debian's and Ubuntu's packages: which are missing, and installing them where that is allowed.

use crate::process;
use anyhow::{Result, bail};
use std::collections::HashSet;
use std::process::Command;

/// Whether this is a system with apt.
pub fn here() -> bool {
    std::path::Path::new("/usr/bin/apt-get").exists()
}

/// Those of `packages` that are not installed.
pub fn missing<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    // dpkg-query fails as a whole when one is unknown, and still prints the others.
    let output = Command::new("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(packages)
        .output();
    let text = output.map(|out| String::from_utf8_lossy(&out.stdout).into_owned()).unwrap_or_default();
    let installed: HashSet<&str> = text.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    packages.iter().copied().filter(|name| !installed.contains(name)).collect()
}

/// Installs `packages`, as root or by a sudo that asks for no password.
pub fn install(packages: &[&str]) -> Result<()> {
    process::run_logged(as_root("apt-get")?.arg("update"), "apt-update")?;
    let mut install = as_root("apt-get")?;
    install.args(["install", "-y", "--no-install-recommends"]).args(packages);
    process::run_logged(&mut install, "apt-install")
}

/// A command that runs as root. `env` carries what sudo would drop.
pub fn as_root(program: &str) -> Result<Command> {
    let mut command = if is_root() {
        Command::new("env")
    } else if process::succeeds(Command::new("sudo").args(["-n", "true"])) {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "env"]);
        sudo
    } else {
        bail!("{program} needs root, and sudo would ask for a password");
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", program]);
    Ok(command)
}

fn is_root() -> bool {
    process::answer(Command::new("id").arg("-u")).as_deref() == Some("0")
}
