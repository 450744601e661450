//! What happens to mail.

use guildhall::error::Error;
use guildhall::mail::*;
use guildhall::page::Page;

use super::found;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::mail::{Content, Letter};
use crate::store::{Tx, outbox, people};

impl Perform for ListMails {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Page<Mail>, Fault> {
        outbox::list(tx, permit, &self).await
    }
}

impl Perform for GetMailState {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<MailState, Fault> {
        let (waiting, failed) = outbox::count(tx, permit).await?;
        Ok(MailState {
            delivery: cx.services.mail.delivery(),
            from: cx.services.mail.from().to_string(),
            waiting,
            failed,
        })
    }
}

impl Perform for RetryMail {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Mail, Fault> {
        let before = found(outbox::get(tx, permit, self.mail_id).await?, "mail")?;
        if !outbox::retry(tx, permit, self.mail_id, cx.now).await? {
            return Err(Error::conflict(
                "mail_is_over",
                "Only mail that failed or waits can be tried again.",
            )
            .into());
        }
        cx.mail_is_due();
        let after = found(outbox::get(tx, permit, self.mail_id).await?, "mail")?;
        cx.changed(
            Change::of("mail", self.mail_id, &before.subject)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

impl Perform for SendTestMail {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let address = self.to.as_str();
        let sender = match permit.user() {
            Some(user) => people::get(tx, user.user_id).await?,
            None => None,
        };
        cx.services.mail.admit(tx, None, address, cx.now).await?;
        let sent_by = sender
            .as_ref()
            .map_or_else(|| "the API".to_owned(), guildhall::users::User::label);
        let language = sender.and_then(|sender| sender.language);
        cx.send(Letter::to(address, Content::Test { sent_by }).in_language(language.as_deref()));
        cx.changed(Change::of("mail", address, "Test mail"));
        Ok(())
    }
}
