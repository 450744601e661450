//! The console as a browser meets it, without the browser: headers, forms without scripts, the way in.

mod browser;
mod export;
mod keys;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::middleware;
use axum::routing::get;
use server::{start, telemetry};

use self::browser::{Browser, URL};

#[tokio::test]
async fn a_page_runs_only_its_own_scripts() {
    let mut browser = Browser::open().await;
    let page = browser.get("/signin").await;
    assert_eq!(page.status(), 200);
    let policy = page.header("content-security-policy");
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap();
    assert!(
        nonce.len() >= 22 && !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{policy}"
    );
    assert!(page.text.contains("<script"));
    for script in page.text.split("<script").skip(1) {
        assert!(
            script.starts_with(&format!(" nonce=\"{nonce}\""))
                || script.contains(&format!("nonce=\"{nonce}\"")),
            "{script}"
        );
    }
    assert!(!page.text.contains(" style=\"") && !page.text.contains(" onclick="));
    let again = browser.get("/signin").await;
    assert_ne!(
        page.header("content-security-policy"),
        again.header("content-security-policy")
    );
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000"),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    assert!(page.header("x-request-id").starts_with("req_"));
}

#[tokio::test]
async fn what_there_is_not_is_not_found() {
    let mut browser = Browser::open().await;
    let page = browser.get("/no/such/page").await;
    assert_eq!((page.status(), page.text.contains("<h1")), (404, true));
    let program = browser
        .send(Request::get("/no/such/page").body(Body::empty()).unwrap())
        .await;
    assert_eq!(
        (program.status(), program.header("content-type")),
        (404, "application/json")
    );
    for path in [
        "/pkg/none.js",
        "/pkg/../Cargo.toml",
        "/pkg/%2e%2e/%2e%2e/Cargo.toml",
        "/..%2f..%2fCargo.toml",
    ] {
        assert_eq!(browser.get(path).await.status(), 404, "{path}");
    }
    let old = browser.post("/signin", "gone", "a=b").await;
    assert_eq!(old.status(), 404);
}

#[tokio::test]
async fn abuse_57_a_server_function_answers_only_our_own_pages() {
    let mut browser = Browser::open().await;
    browser.set_up().await;
    let ask = |method: Method, pairs: &[(&str, &str)]| {
        let mut request = Request::builder().method(method).uri("/rpc/sign_out");
        for (name, value) in pairs {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).unwrap()
    };
    let form = ("content-type", "application/x-www-form-urlencoded");
    for foreign in [
        ask(Method::POST, &[form]),
        ask(Method::POST, &[form, ("origin", "https://evil.example")]),
        ask(Method::POST, &[form, ("origin", "null")]),
        ask(Method::POST, &[("content-type", "text/plain"), ("origin", URL)]),
        ask(Method::GET, &[("origin", URL)]),
        ask(
            Method::GET,
            &[("sec-fetch-site", "cross-site"), ("accept", "text/html")],
        ),
    ] {
        assert_eq!(browser.send(foreign).await.status(), 403);
    }
    assert_eq!(browser.get("/admin").await.status(), 200);
    let own = browser.send(ask(Method::POST, &[form, ("origin", URL)])).await;
    assert_eq!(own.status(), 200, "{}", own.text);
    assert_eq!(
        browser.get("/admin").await.header("location"),
        "/signin?return_to=/admin"
    );
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_once_and_no_secret() {
    let mut browser = Browser::open().await;
    let refused = browser
        .post(
            "/signin",
            "sign_in",
            "identifier=%3C%2Fscript%3Eada&password=hunter2hunter2",
        )
        .await;
    let shown = browser.follow(&refused).await;
    assert_eq!(shown.status(), 200);
    assert!(shown.text.contains("&lt;/script&gt;ada"), "{}", shown.text);
    assert!(!shown.text.contains("</script>ada") && !shown.text.contains("hunter2"));
    assert!(!refused.header("set-cookie").contains("hunter2"));
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    // A second refusal does not pile up on the first.
    let from = refused.header("location").strip_prefix(URL).unwrap().to_owned();
    let twice = browser.post(&from, "sign_in", "identifier=bob&password=x").await;
    assert_eq!(twice.header("location").matches("__err=").count(), 1);
    let other = browser.get("/signin").await;
    assert!(!other.text.contains("value=\"bob\""));
}

#[tokio::test]
async fn a_form_never_leads_elsewhere() {
    let mut browser = Browser::open().await;
    for referer in [
        "https://evil.example/x",
        "https://console.example.evil.example/x",
        "nonsense",
    ] {
        let request = Request::post("/rpc/sign_in")
            .header(header::ACCEPT, "text/html")
            .header(header::ORIGIN, URL)
            .header(header::REFERER, referer)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let page = browser
            .send(request.body(Body::from("identifier=a&password=b")).unwrap())
            .await;
        assert!(
            page.header("location")
                .starts_with("https://console.example/?__path="),
            "{}",
            page.header("location")
        );
    }
}

#[tokio::test]
async fn a_refused_call_has_its_own_status() {
    let mut browser = Browser::open().await;
    let ask = |function: &str, body: &str| {
        let request = Request::post(format!("/rpc/{function}"))
            .header(header::ORIGIN, URL)
            .header(header::CONTENT_TYPE, "application/json");
        request.body(Body::from(body.to_owned())).unwrap()
    };
    assert_eq!(
        browser.send(ask("list_users", r#"{"op":{}}"#)).await.status(),
        401
    );
    browser.set_up().await;
    assert_eq!(
        browser.send(ask("list_users", r#"{"op":{}}"#)).await.status(),
        200
    );
    assert_eq!(
        browser
            .send(ask("list_users", r#"{"op":{"limit":1000}}"#))
            .await
            .status(),
        400
    );
    let missing = r#"{"op":{"organization_id":"org_01h00000000000000000000000"}}"#;
    assert_eq!(browser.send(ask("get_organization", missing)).await.status(), 404);
    let long = format!(r#"{{"op":{{"search":"{}"}}}}"#, "x".repeat(2_000_000));
    assert_eq!(browser.send(ask("list_users", &long)).await.status(), 413);
}

#[tokio::test]
async fn a_link_puts_no_words_into_a_pages_mouth() {
    let mut browser = Browser::open().await;
    let refused = browser
        .post("/signin", "sign_in", "identifier=bob&password=x")
        .await;
    let own = refused.header("location").to_owned();
    assert!(own.contains("__err="));
    let mut elsewhere = Browser::open().await;
    let path = own.strip_prefix(URL).unwrap_or(&own).to_owned();
    let shown = elsewhere.get(&path).await;
    assert_eq!(shown.status(), 200);
    assert!(!shown.text.contains("The name or the password is wrong."));
    let shown = browser.follow(&refused).await;
    assert!(
        shown.text.contains("The name or the password is wrong."),
        "{}",
        shown.text
    );
}

#[tokio::test]
async fn abuse_55_guesses_at_one_account_end_wherever_they_come_from() {
    let mut browser = Browser::open().await;
    let mut last = 0;
    for guess in 0..12 {
        let request = Request::post("/rpc/sign_in")
            .header(header::ORIGIN, URL)
            .header("x-forwarded-for", format!("192.0.2.{guess}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = format!("identifier=ada%40console.example&password=guess{guess}");
        let page = browser.send(request.body(Body::from(body)).unwrap()).await;
        last = page.status();
        assert!(
            last == 401 || (last == 429 && !page.header("retry-after").is_empty()),
            "{last} {}",
            page.text
        );
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn the_start_page_leads_a_program_on_too() {
    let mut browser = Browser::open().await;
    let page = browser.send(Request::get("/").body(Body::empty()).unwrap()).await;
    assert_eq!((page.status(), page.header("location")), (302, "/signin"));
    assert!(!page.response.headers().contains_key("serverfnredirect"));
}

#[tokio::test]
async fn the_set_up_link_works_once_and_only_the_newest() {
    let mut browser = Browser::open().await;
    let first = start::setup_link(&browser.console).await.unwrap().unwrap();
    let second = start::setup_link(&browser.console).await.unwrap().unwrap();
    assert_ne!(first, second);
    let form = |link: &str| {
        format!(
            "token={}&email=eve%40console.example&password=correct+horse",
            link.rsplit('/').next().unwrap()
        )
    };
    let path = |link: &str| format!("/setup/{}", link.rsplit('/').next().unwrap());
    let replaced = browser.get(&path(&first)).await;
    assert_eq!(replaced.status(), 410);
    assert!(
        replaced.text.contains("This link was replaced")
            && !replaced.text.contains("Create the administrator")
    );
    let opened = browser.get(&path(&second)).await;
    assert_eq!(opened.status(), 200);
    assert!(opened.text.contains("Create the administrator"));
    let dead = browser.post("/setup/x", "set_up", &form(&first)).await;
    assert!(dead.header("location").contains("__err="));
    let done = browser.post("/setup/x", "set_up", &form(&second)).await;
    assert_eq!(done.header("location"), "/admin");
    let home = browser.follow(&done).await;
    assert_eq!(home.status(), 200, "{}", home.text);
    let again = browser.post("/setup/x", "set_up", &form(&second)).await;
    assert!(again.header("location").contains("__err="));
    let used = browser.get(&path(&second)).await;
    assert_eq!(used.status(), 410);
    assert!(used.text.contains("This link was used") && used.text.contains("href=\"/signin\""));
    assert!(!used.text.contains("Create the administrator"));
    assert_eq!(start::setup_link(&browser.console).await.unwrap(), None);
}

#[tokio::test]
async fn a_secret_waits_for_one_page_of_one_session() {
    let mut browser = Browser::open().await;
    browser.set_up().await;
    let made = browser
        .post(
            "/admin/applications/new",
            "create_application",
            "name=Billing&kind=end_user",
        )
        .await;
    let place = made.header("location").to_owned();
    let app = place.rsplit('/').next().unwrap().to_owned();
    let answer = browser
        .post(
            &format!("{place}/clients"),
            "create_client",
            &format!("app_id={app}&name=Backend"),
        )
        .await;
    assert!(!format!("{:?}", answer.response.headers()).contains("client_secret"));
    let page = browser.follow(&answer).await;
    assert!(page.text.contains("Backend"));
    assert!(page.text.contains("Client secret"), "the secret was not shown");
    let again = browser.get(&format!("{place}/clients")).await;
    assert!(
        !again.text.contains("Client secret"),
        "the secret was shown twice"
    );
}

#[tokio::test]
async fn operators_see_health_and_metrics() {
    let mut browser = Browser::open().await;
    assert_eq!(browser.get("/healthz").await.status(), 200);
    assert_eq!(browser.get("/readyz").await.status(), 200);
    browser.get("/setup/a-token-that-nobody-may-see").await;
    let metrics = browser.get("/metrics").await;
    for name in [
        "guildhall_http_requests_total",
        "guildhall_http_request_seconds_bucket",
        "guildhall_database_statements_total",
    ] {
        assert!(metrics.text.contains(name), "{name}");
    }
    assert!(metrics.text.contains("/setup/{token}") && !metrics.text.contains("a-token"));
    browser.console.db().close().await;
    assert_eq!(browser.get("/healthz").await.status(), 200);
    assert_eq!(browser.get("/readyz").await.status(), 503);
}

#[tokio::test]
async fn a_panic_is_a_500_with_a_reference() {
    let mut browser = Browser::open().await;
    let boom = get(|| async {
        if true {
            panic!("a private cause");
        }
    });
    browser.router = Router::new()
        .route("/boom", boom)
        .layer(middleware::from_fn_with_state(
            browser.console.clone(),
            telemetry::observe,
        ));
    let page = browser.get("/boom").await;
    let reference = page.header("x-request-id").to_owned();
    assert_eq!(page.response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        page.text.starts_with("<!doctype html>")
            && page.text.contains(&reference)
            && !page.text.contains("private")
    );
    let program = browser
        .send(
            Request::get("/boom")
                .header("x-request-id", "mine-1")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    let error: serde_json::Value = serde_json::from_str(&program.text).unwrap();
    assert_eq!(
        (error["code"].as_str(), error["reference"].as_str()),
        (Some("internal"), Some("mine-1"))
    );
}
