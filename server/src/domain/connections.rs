//! Which ways to sign in organizations have.

use guildhall::connections::*;
use guildhall::error::Error;
use guildhall::id::{ConnectionId, OrganizationId};

use super::found;
use super::organizations::{exists, organization};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::Tx;
use crate::store::connections::{self, Use};

/// How a choice is used, where what is absent is as `now`.
fn used(choice: &ConnectionChoice, now: Use) -> Use {
    Use {
        assign_membership_on_login: choice
            .assign_membership_on_login
            .unwrap_or(now.assign_membership_on_login),
        show_as_button: choice.show_as_button.unwrap_or(now.show_as_button),
        is_signup_enabled: choice.is_signup_enabled.unwrap_or(now.is_signup_enabled),
    }
}

const NEW: Use = Use {
    assign_membership_on_login: false,
    show_as_button: true,
    is_signup_enabled: false,
};

fn one_too_many() -> Error {
    Error::field(
        "connections",
        format!("are too many: an organization has at most {MOST_CONNECTIONS}"),
    )
}

/// Gives a new organization its connections.
pub(super) async fn add_all(
    permit: &Permit,
    tx: &mut Tx,
    organization: OrganizationId,
    choices: &[ConnectionChoice],
) -> Result<(), Fault> {
    if choices.len() > MOST_CONNECTIONS {
        return Err(one_too_many().into());
    }
    for (at, choice) in choices.iter().enumerate() {
        let field = format!("connections[{at}].connection_id");
        let id = choice.connection_id;
        if !connections::exists(tx, id).await? {
            return Err(Error::field(field, format!("{id} is no connection")).into());
        }
        if !connections::add(tx, permit, organization, id, used(choice, NEW)).await? {
            return Err(Error::field(field, format!("{id} is given more than once")).into());
        }
    }
    Ok(())
}

async fn connection(permit: &Permit, tx: &mut Tx, id: ConnectionId) -> Result<OrganizationConnection, Fault> {
    // An organization that is not there has none.
    exists(tx, permit.organization()?).await?;
    Ok(found(connections::get(tx, permit, id).await?, "connection")?)
}

impl Perform for ListConnections {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Vec<Connection>, Fault> {
        Ok(connections::all(tx, permit).await?)
    }
}

impl Perform for ListOrganizationConnections {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Vec<OrganizationConnection>, Fault> {
        exists(tx, self.organization_id).await?;
        connections::of(tx, permit).await
    }
}

impl Perform for GetOrganizationConnection {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<OrganizationConnection, Fault> {
        connection(permit, tx, self.connection_id).await
    }
}

impl Perform for AddOrganizationConnection {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<OrganizationConnection, Fault> {
        let organization = organization(permit, tx, self.organization_id).await?;
        let id = self.connection.connection_id;
        found(connections::exists(tx, id).await?.then_some(()), "connection")?;
        let how = used(&self.connection, NEW);
        if connections::of(tx, permit).await?.len() >= MOST_CONNECTIONS
            && connections::get(tx, permit, id).await?.is_none()
        {
            return Err(one_too_many().into());
        }
        if !connections::add(tx, permit, self.organization_id, id, how).await? {
            return Err(Error::conflict(
                "connection_already_added",
                "The organization has this connection already.",
            )
            .into());
        }
        let made = connection(permit, tx, id).await?;
        cx.changed(
            Change::of("connection", id, format!("{} · {}", organization.name, made.name))
                .within(self.organization_id)
                .after(&made),
        );
        Ok(made)
    }
}

impl Perform for UpdateOrganizationConnection {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<OrganizationConnection, Fault> {
        let id = self.connection.connection_id;
        let before = connection(permit, tx, id).await?;
        let now = Use {
            assign_membership_on_login: before.assign_membership_on_login,
            show_as_button: before.show_as_button,
            is_signup_enabled: before.is_signup_enabled,
        };
        connections::update(tx, permit, id, used(&self.connection, now)).await?;
        let after = connection(permit, tx, id).await?;
        cx.changed(
            Change::of("connection", id, &after.name)
                .within(self.organization_id)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

impl Perform for RemoveOrganizationConnection {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = connection(permit, tx, self.connection_id).await?;
        connections::remove(tx, permit, self.connection_id).await?;
        cx.changed(
            Change::of("connection", self.connection_id, &before.name)
                .within(self.organization_id)
                .before(&before),
        );
        Ok(())
    }
}
