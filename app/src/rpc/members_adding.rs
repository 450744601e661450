//! Adding several people with one form: one operation each, and what became of each.

use guildhall::members::{AddMember, Member};
use guildhall::{Code, Error, input};
use serde_json::{Map, Value, json};

use super::{Added, AddedAs, AddedRow};
use crate::rpc::{self, RpcError};
use crate::ui::format::count_of;
use crate::ui::input::split_values;

/// Somebody to add: what to call them in the answer, and the fields that are theirs alone.
pub struct Person {
    contact: String,
    fields: Map<String, Value>,
}

/// How somebody comes in for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Invitation,
    Password,
    Nothing,
}

impl How {
    /// The form's word for it.
    ///
    /// # Errors
    /// 400 for any other word: whoever mistypes one is not to find people added whom nobody told.
    pub fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "invitation" => Ok(How::Invitation),
            "password" => Ok(How::Password),
            "nothing" => Ok(How::Nothing),
            _ => Err(Error::new(Code::Invalid, "Nobody was added.")
                .at("how", "must be invitation, password or nothing")),
        }
    }
}

/// Whom a form names: one per address, or the one with the number and name.
///
/// # Errors
/// 400 where nobody is named, or one person's details stand beside several addresses.
pub fn people(
    emails: &str,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    invited: bool,
) -> Result<Vec<Person>, Error> {
    let emails: Vec<&str> = split_values(emails).collect();
    let (phone, first_name, last_name) = (
        rpc::optional(phone),
        rpc::optional(first_name),
        rpc::optional(last_name),
    );
    let refused = |field: &str, why: &str| Err(Error::new(Code::Invalid, "Nobody was added.").at(field, why));
    match emails.as_slice() {
        [] if phone.is_none() => return refused("email", "Write at least one address, or a phone number"),
        [] if invited => {
            return refused(
                "phone_number",
                "An invitation goes by mail: write an address too, or choose another first sign-in",
            );
        }
        [_, _, ..] => {
            if phone.is_some() {
                return refused(
                    "phone_number",
                    "Leave it out for several addresses: it is one person's",
                );
            }
            if first_name.is_some() || last_name.is_some() {
                return refused("name.first_name", "Leave the name out for several addresses");
            }
            if emails.len() > 100 {
                return refused("email", "Write at most 100 addresses at once");
            }
        }
        _ => {}
    }
    if emails.len() > 1 {
        let person = |email: &str| Person {
            contact: email.to_owned(),
            fields: Map::from_iter([("email".to_owned(), json!(email))]),
        };
        return Ok(emails.into_iter().map(person).collect());
    }
    let email = emails.first().map(|email| (*email).to_owned());
    let contact = email.clone().or_else(|| phone.clone()).unwrap_or_default();
    let mut fields = Map::new();
    for (name, value) in [("email", email), ("phone_number", phone)] {
        if let Some(value) = value {
            fields.insert(name.to_owned(), json!(value));
        }
    }
    if first_name.is_some() || last_name.is_some() {
        let name = json!({ "first_name": first_name, "last_name": last_name });
        fields.insert("name".to_owned(), name);
    }
    Ok(vec![Person { contact, fields }])
}

/// Adds them one after the other; `rest` is what they have in common, `list` the page of the members.
///
/// # Errors
/// 400 before anybody is added, where the form or an address is wrong; what the door refuses for the only one.
pub async fn run(list: String, people: Vec<Person>, rest: &Value) -> Result<Added, RpcError> {
    let alone = people.len() == 1;
    let mut rows = Vec::new();
    let mut last = None;
    for (contact, operation) in parse(people, rest)? {
        let result = match rpc::run(operation).await {
            Ok(member) => {
                // Somebody whose record is older than their membership.
                let known = member.created_at < member.joined_at;
                last = Some(member);
                if known { AddedAs::Known } else { AddedAs::New }
            }
            Err(refusal) if alone => return Err(refusal),
            Err(RpcError(error)) if error.reason.as_deref() == Some("already_a_member") => AddedAs::Member,
            // The form, not the person: it would be the same for everybody.
            Err(RpcError(error)) if rows.is_empty() && error.message_at("email").is_none() => {
                return Err(error.into());
            }
            Err(RpcError(error)) => AddedAs::Refused(error.message),
        };
        rows.push(AddedRow { contact, result });
    }
    Ok(outcome(list, rows, last.as_ref()))
}

/// Everybody as an operation, or every address that is wrong.
fn parse(people: Vec<Person>, rest: &Value) -> Result<Vec<(String, AddMember)>, Error> {
    let mut operations = Vec::new();
    let mut wrong = Error::new(Code::Invalid, "Nobody was added. See what is wrong below.");
    for Person { contact, fields } in people {
        let mut all = rest.as_object().cloned().unwrap_or_default();
        all.extend(fields);
        match input::parse::<AddMember>(Value::Object(all)) {
            Ok(operation) => operations.push((contact, operation)),
            Err(error) => match error.message_at("email") {
                Some(message) => wrong = wrong.at("email", format!("“{contact}” {message}")),
                None => return Err(error),
            },
        }
    }
    if wrong.fields.is_empty() {
        Ok(operations)
    } else {
        Err(wrong)
    }
}

fn outcome(list: String, rows: Vec<AddedRow>, last: Option<&Member>) -> Added {
    let of = |wanted: fn(&AddedAs) -> bool| -> Vec<&str> {
        rows.iter()
            .filter(|row| wanted(&row.result))
            .map(|row| row.contact.as_str())
            .collect()
    };
    let added = of(|result| matches!(result, AddedAs::New | AddedAs::Known));
    let known = of(|result| matches!(result, AddedAs::Known));
    let before = of(|result| matches!(result, AddedAs::Member));
    let refused = of(|result| matches!(result, AddedAs::Refused(_)));
    let mut message = match (rows.as_slice(), last) {
        ([_], Some(member)) => format!("{} was added", member.label()),
        _ => {
            let count = u64::try_from(added.len()).unwrap_or_default();
            let were = if count == 1 { "was" } else { "were" };
            format!("{} {were} added", count_of(count, "member", "members"))
        }
    };
    if added.is_empty() && refused.is_empty() {
        message = "Nobody was added".to_owned();
    }
    match (rows.len(), known.len()) {
        (_, 0) => {}
        (1, _) => message.push_str("; they had an account already, which stays as it is"),
        _ => message.push_str(&format!("; had an account already: {}", known.join(", "))),
    }
    if !before.is_empty() {
        let were = if before.len() == 1 { "a member" } else { "members" };
        message.push_str(&format!("; already {were}: {}", before.join(", ")));
    }
    if !refused.is_empty() {
        message.push_str(&format!("; not added: {}", refused.join(", ")));
    }
    // Whoever was a member before is where the form wanted them.
    let all_well = refused.is_empty();
    // A browser without scripts reads all of it over the list.
    let done = rpc::done(message, Some(list));
    Added {
        rows,
        done: all_well.then_some(done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused_at(emails: &str, phone: Option<&str>, first: Option<&str>, invited: bool) -> Option<String> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let error = people(emails, owned(phone), owned(first), None, invited).err()?;
        error.fields.into_iter().next().map(|at| at.field)
    }

    #[test]
    fn one_persons_details_do_not_stand_beside_several_addresses() {
        assert_eq!(refused_at("", None, None, false).as_deref(), Some("email"));
        assert_eq!(
            refused_at("", Some("+14155550123"), None, true).as_deref(),
            Some("phone_number")
        );
        assert_eq!(refused_at("", Some("+14155550123"), None, false), None);
        assert_eq!(
            refused_at("a@b.co", Some("+14155550123"), Some("Ada"), true),
            None
        );
        assert_eq!(
            refused_at("a@b.co c@d.co", Some("+1"), None, true).as_deref(),
            Some("phone_number")
        );
        assert_eq!(
            refused_at("a@b.co c@d.co", None, Some("Ada"), true).as_deref(),
            Some("name.first_name")
        );
    }

    #[test]
    fn a_first_sign_in_is_one_of_three() {
        assert_eq!(How::parse("invitation").ok(), Some(How::Invitation));
        assert_eq!(How::parse("password").ok(), Some(How::Password));
        assert_eq!(How::parse("nothing").ok(), Some(How::Nothing));
        for other in ["", "Invitation", "invite", "nothing "] {
            let error = How::parse(other).err();
            assert!(
                error.is_some_and(|error| error.message_at("how").is_some()),
                "{other}"
            );
        }
    }

    #[test]
    fn every_wrong_address_is_named() {
        let people = people("a@b.co nonsense @", None, None, None, true).unwrap_or_default();
        let rest = json!({ "organization_id": "org_01h00000000000000000000000", "role_ids": ["Organization Member"] });
        let wrong = parse(people, &rest).err().map(|error| error.fields.len());
        assert_eq!(wrong, Some(2));
    }
}
