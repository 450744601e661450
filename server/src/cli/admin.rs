//! `guildhall admin add`: the first administrator without a browser, and the way back in for one who is locked out.

use std::io::BufRead as _;

use anyhow::Context as _;
use guildhall::Code;
use guildhall::contact::Email;
use guildhall::secret::Password;
use guildhall::users::{
    CreateUser, Credentials, GetUserByEmail, SetTenantAdmin, SetUserPassword, UpdateUser, User, UserStatus,
};

use super::{run_as_system, say};
use crate::config::Config;
use crate::console::Console;
use crate::{clock, start};

/// The digits and letters that nobody takes for another.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

#[derive(Debug, clap::Args)]
pub struct Add {
    /// The mail address to sign in with
    #[arg(long)]
    email: String,
    /// Read the password from standard input, instead of making one that must be changed at the first sign-in
    #[arg(long)]
    password_stdin: bool,
}

/// Makes an administrator.
pub async fn add(config: &Config, add: Add) -> anyhow::Result<()> {
    let email = Email::parse(&add.email).map_err(|why| anyhow::anyhow!("--email {why}"))?;
    let (password, generated) = if add.password_stdin {
        (from_stdin()?, None)
    } else {
        generate()?
    };
    let credentials = Credentials {
        password,
        force_replace: Some(generated.is_some()),
    };

    let console = start::open(config).await?;
    let made = make(&console, email, credentials).await;
    console.db().close().await;
    let user = made?;
    say(&format!("{} is an administrator of the tenant.", user.label()))?;
    if let Some(password) = generated {
        say(&format!(
            "Password, shown only now, to be changed at the first sign-in: {password}"
        ))?;
    }
    say(&format!("Sign in at {}/signin", config.public_url))
}

async fn make(console: &Console, email: Email, credentials: Credentials) -> Result<User, guildhall::Error> {
    let user = match run_as_system(console, GetUserByEmail { email: email.clone() }).await {
        Err(error) if error.code == Code::NotFound => {
            let person = CreateUser {
                email: Some(email),
                credentials: Some(credentials),
                ..CreateUser::default()
            };
            run_as_system(console, person).await?
        }
        known => {
            let user = known?;
            let Credentials {
                password,
                force_replace,
            } = credentials;
            run_as_system(
                console,
                SetUserPassword {
                    user_id: user.user_id,
                    password,
                    force_replace,
                },
            )
            .await?;
            if user.status == UserStatus::Disabled {
                let back = serde_json::json!({ "user_id": user.user_id, "enabled": true });
                run_as_system(console, guildhall::input::parse::<UpdateUser>(back)?).await?;
            }
            user
        }
    };
    run_as_system(
        console,
        SetTenantAdmin {
            user_id: user.user_id,
            admin: true,
        },
    )
    .await?;
    Ok(user)
}

fn from_stdin() -> anyhow::Result<Password> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("no password on standard input")?;
    Password::parse(line.trim_end_matches(['\r', '\n'])).map_err(|why| anyhow::anyhow!("the password {why}"))
}

/// Four groups of five letters and digits: 99 random bits.
fn generate() -> anyhow::Result<(Password, Option<String>)> {
    let mut letters = String::new();
    while letters.len() < 20 {
        // The bytes beyond the last whole round would make some letters likelier than others.
        let bytes = clock::secret_bytes()?
            .into_iter()
            .map(usize::from)
            .filter(|byte| *byte < LETTERS.len() * 8);
        let drawn = bytes
            .filter_map(|byte| LETTERS.get(byte % LETTERS.len()))
            .map(|letter| char::from(*letter));
        letters.extend(drawn.take(20 - letters.len()));
    }
    let groups: Vec<&str> = [0..5, 5..10, 10..15, 15..20]
        .into_iter()
        .filter_map(|group| letters.get(group))
        .collect();
    let text = groups.join("-");
    let password = Password::parse(&text).map_err(|why| anyhow::anyhow!("the password {why}"))?;
    Ok((password, Some(text)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_generated_password_is_long_readable_and_new() {
        let (_, first) = generate().unwrap();
        let (_, second) = generate().unwrap();
        let first = first.unwrap();
        assert_eq!(first.len(), 23);
        assert_eq!(first.split('-').map(str::len).collect::<Vec<_>>(), [5, 5, 5, 5]);
        assert_ne!(Some(first), second);
    }
}
