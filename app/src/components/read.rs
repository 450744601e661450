//! Reading for a page: resources that follow what forms change, and one way to show a refusal.

use std::future::Future;

use guildhall::error::{Code, Error};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Serialize, de::DeserializeOwned};

use super::portal::Portal;
use crate::rpc::{RpcError, Wire};
use crate::ui::prelude::*;

/// Counts what the forms of this page have changed, so that what it shows is read again.
#[derive(Clone, Copy)]
pub struct Changes {
    page: RwSignal<u32>,
    frame: RwSignal<u32>,
    /// The count of `page` that nobody here caused.
    others: StoredValue<u32>,
}

impl Changes {
    /// Those of the layout or page around the caller.
    pub fn around() -> Self {
        use_context().unwrap_or_else(|| {
            let changes = Changes {
                page: RwSignal::new(0),
                frame: RwSignal::new(0),
                others: StoredValue::new(0),
            };
            provide_context(changes);
            changes
        })
    }

    /// Something changed and the page stays.
    pub fn in_place(self) {
        self.page.update(|count| *count = count.wrapping_add(1));
    }

    /// Somebody else changed something: the page stays, and shows it when nobody is disturbed by that.
    pub fn by_others(self) {
        self.others.set_value(self.page.get_untracked().wrapping_add(1));
        self.in_place();
    }

    /// How to tell, at each reading of one resource, whether it is one that nobody here asked for.
    fn unasked(self) -> impl Fn(u32) -> bool + Send + Sync + 'static {
        let last = StoredValue::new(self.page.get_untracked());
        move |count| {
            let is_new = last.try_update_value(|last| std::mem::replace(last, count) != count);
            is_new == Some(true) && self.others.try_get_value() == Some(count)
        }
    }

    /// Something changed and another page opens. The frame around both is read again, unless what it shows may be gone.
    pub fn elsewhere(self, from: &str, to: &str) {
        // `/admin/organizations/{id}` or `/org/{id}`: the thing that the frame is about.
        let thing = |path: &str| -> Vec<String> {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let parts = if Portal::of_path(path).is_tenant() { 3 } else { 2 };
            path.split('/').skip(1).take(parts).map(str::to_owned).collect()
        };
        if thing(from) == thing(to) {
            self.frame.update(|count| *count = count.wrapping_add(1));
        }
    }
}

/// What a page reads, and why not where it may not.
pub type Answer<T> = Resource<Result<T, RpcError>, Wire>;

/// What a page reads. It is made by the page itself, never inside a [`Read`] or `Suspense`: the server builds what
/// stands there more than once, and the browser would look for the value under the wrong number.
///
/// It is read again when `source` changes, and when a form of the page has changed something.
pub fn read<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Answer<T>
where
    S: Clone + PartialEq + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = Result<T, RpcError>> + Send + 'static,
{
    let changes = Changes::around();
    let unasked = changes.unasked();
    Resource::new_with_options(
        move || (changes.page.get(), source()),
        move |(count, source)| in_time(fetch(source), unasked(count)),
        false,
    )
}

/// What a page reads once, whatever its forms change: what can be read only before it is changed.
pub fn read_once<T, Fut>(fetch: impl Fn() -> Fut + Send + Sync + 'static) -> Answer<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = Result<T, RpcError>> + Send + 'static,
{
    Resource::new_with_options(|| (), move |()| fetch(), false)
}

/// What the frame around several pages reads: also again when a form leads from one of them to another.
pub fn read_frame<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Answer<T>
where
    S: Clone + PartialEq + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = Result<T, RpcError>> + Send + 'static,
{
    let changes = Changes::around();
    let unasked = changes.unasked();
    Resource::new_with_options(
        move || ((changes.page.get(), changes.frame.get()), source()),
        move |((count, _), source)| in_time(fetch(source), unasked(count)),
        false,
    )
}

/// An answer that nobody here asked for is held back while somebody is in the middle of something: they may have begun while
/// it was on its way, and what they typed would be gone.
async fn in_time<T>(answer: impl Future<Output = T>, unasked: bool) -> T {
    let answer = answer.await;
    if unasked {
        super::live::nobody_disturbed().await;
    }
    answer
}

/// An id out of the address; what is not one names nothing.
///
/// # Errors
/// 404 for `what`.
pub fn id_of<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, RpcError> {
    text.parse().map_err(|_| RpcError(Error::not_found(what)))
}

/// Shows what was read, skeletons until then, and a refusal in its place. Old rows stay while new ones load.
///
/// `<Read resource=members let:page>…</Read>`
#[component]
pub fn Read<T, F, V>(
    resource: Answer<T>,
    /// What stands there the first time; skeleton rows unless given.
    #[prop(optional, into)]
    fallback: Option<ViewFn>,
    /// The page's heading is inside: a refusal then brings its own.
    #[prop(optional)]
    whole: bool,
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let waiting = move || match &fallback {
        Some(fallback) => fallback.run(),
        None => view! { <SkeletonRows /> }.into_any(),
    };
    view! {
        <Transition fallback=waiting>
            {move || {
                let children = children.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => children(value).into_any(),
                        Err(RpcError(error)) => view! { <Refusal error whole /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// Told when the server refuses somebody something: the frame around finds out whether they may still be here at all.
#[derive(Clone, Copy)]
pub struct Refused(pub Callback<()>);

impl Refused {
    /// Tells the frame around the caller, where the refusal may be about who asks.
    pub fn tell(self, error: &Error) {
        if matches!(
            error.code,
            Code::Unauthenticated | Code::Forbidden | Code::NotFound
        ) {
            self.0.run(());
        }
    }
}

/// Why something cannot be shown, and what to do about it.
#[component]
pub fn Refusal(
    error: Error,
    /// With a heading, where it stands in place of a whole page.
    #[prop(optional)]
    whole: bool,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(error.code.status()),
    ) {
        response.set_status(status);
    }
    if let Some(refused) = use_context::<Refused>() {
        let error = error.clone();
        Effect::new(move |_| refused.tell(&error));
    }
    let here = use_location();
    let path = here.pathname.get_untracked();
    let query = here.search.get_untracked();
    let here = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    let title = match error.code {
        Code::Unauthenticated => "Your session has ended",
        Code::Forbidden => "You may not see this",
        Code::NotFound => "Not found",
        _ => "This cannot be shown now",
    };
    let body = match error.code {
        Code::Unauthenticated => {
            let href = format!("/signin?return_to={}", query_value(&here));
            view! {
                <EmptyState
                    glyph=Glyph::Lock
                    title
                    text="Sign in again to go on; you come back to this page."
                >
                    <LinkButton href variant=Variant::Primary>
                        "Sign in"
                    </LinkButton>
                </EmptyState>
            }
            .into_any()
        }
        Code::Forbidden => {
            let viewing = error.reason.as_deref() == Some("viewing");
            view! {
                <EmptyState glyph=Glyph::Lock title text=error.message>
                    {viewing
                        .then(|| {
                            // Loaded anew, this page says what is viewed, and how to stop.
                            view! {
                                <a class="btn" href=here rel="external">
                                    "Show what I am viewing"
                                </a>
                            }
                        })}
                </EmptyState>
            }
            .into_any()
        }
        Code::NotFound => view! {
            <EmptyState
                glyph=Glyph::Search
                title=error.message.trim_end_matches('.').to_owned()
                text="It may have been deleted, or the address is wrong."
            >
                {list_above(&here)
                    .map(|(href, name)| {
                        view! { <LinkButton href>{format!("To the {name}")}</LinkButton> }
                    })}
            </EmptyState>
        }
        .into_any(),
        _ => view! {
            <EmptyState glyph=Glyph::Warning title text=error.to_string()>
                // A plain link: the page is asked for anew even where scripts are broken.
                <a class="btn" href=here rel="external">
                    "Try again"
                </a>
            </EmptyState>
        }
        .into_any(),
    };
    view! { {whole.then(|| view! { <PageHeader title /> })} {body} }
}

/// `/admin/organizations/…`, `/org/{id}/members/…`: the list that the thing would be in, and its name.
fn list_above(here: &str) -> Option<(String, String)> {
    let path = here.split(['?', '#']).next()?;
    if let Some(rest) = path.strip_prefix("/org/") {
        let mut parts = rest.split('/');
        let (id, list, _) = (parts.next()?, parts.next()?, parts.next()?);
        return Some((format!("/org/{id}/{list}"), list.to_owned()));
    }
    let mut parts = path.strip_prefix("/admin/")?.split('/');
    let (list, _) = (parts.next()?, parts.next()?);
    Some((format!("/admin/{list}"), list.to_owned()))
}

/// A text as a value in a query: everything but letters, digits and `-._~/` percent-encoded (RFC 3986, 2.3).
pub fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
