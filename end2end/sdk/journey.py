"""The official Python SDK against the Auth0-compatible API: every call that it has for it, and every error.

`cargo xtask test --api` starts a server and runs this. What is in the environment:
GUILDHALL_URL, GUILDHALL_CLIENT_ID and GUILDHALL_CLIENT_SECRET (the backend's), GUILDHALL_APP_CLIENT_ID (an application's),
GUILDHALL_PART (journey or burst).
"""

import json
import os
import sys
import traceback
import urllib.request

from auth0.management import Auth0
from auth0.management.core.api_error import ApiError
from auth0.management.errors import (
    BadRequestError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    UnauthorizedError,
)

URL = os.environ["GUILDHALL_URL"]
APP_CLIENT = os.environ.get("GUILDHALL_APP_CLIENT_ID", "")
CONNECTION = "Username-Password-Authentication"


def token(scope=None):
    asked = {
        "grant_type": "client_credentials",
        "client_id": os.environ["GUILDHALL_CLIENT_ID"],
        "client_secret": os.environ["GUILDHALL_CLIENT_SECRET"],
        "audience": f"{URL}/api/v2/",
    }
    if scope is not None:
        asked["scope"] = scope
    request = urllib.request.Request(
        f"{URL}/oauth/token", json.dumps(asked).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["access_token"]


def client(scope=None, **options):
    return Auth0(base_url=f"{URL}/api/v2", token=token(scope), **options)


def refused(kind, call, message=None, code=None, status=None):
    """Expects an exception of a kind, with the body that the reference has. `status` for what the SDK has no kind of its own."""
    try:
        call()
    except kind as error:
        assert isinstance(error, ApiError)
        body = error.body
        assert body["statusCode"] == error.status_code, body
        assert status in (None, error.status_code), body
        if message is not None:
            assert message in body["message"], body
        if code is not None:
            assert body.get("errorCode") == code, body
        return
    raise AssertionError(f"expected {kind.__name__}")


NOBODY = "org_0000000000000000"


def organizations():
    api = client().organizations
    before = {it.id for it in api.list()}
    made = [api.create(name=f"python-{n:03}", display_name=f"Python {n}").id for n in range(250)]
    assert {it.id for it in api.list(take=100)} - before == set(made)
    one = api.get(made[0])
    assert (one.name, one.display_name) == ("python-000", "Python 0")
    assert api.get_by_name("python-000").id == one.id
    changed = api.update(
        made[0],
        display_name="Renamed",
        metadata={"plan": "gold"},
        branding={
            "logo_url": "https://acme.example/logo.png",
            "colors": {"primary": "#0059d6", "page_background": "#ffffff"},
        },
    )
    assert (changed.display_name, changed.metadata) == ("Renamed", {"plan": "gold"})
    assert changed.branding.colors.primary == "#0059d6"
    refused(ConflictError, lambda: api.create(name="python-000"), "An organization with this name already exists.")
    taken = "An organization with this name already exists."
    refused(ApiError, lambda: api.update(made[1], name="python-000"), taken, status=409)
    refused(BadRequestError, lambda: api.create(name="Not A Name"), "Payload validation error: '", "invalid_body")
    refused(BadRequestError, lambda: api.list(take=101), "Query validation error: '", "invalid_query_string")
    refused(BadRequestError, lambda: api.get("x"), "Path validation error: '", "invalid_uri")
    refused(NotFoundError, lambda: api.get(NOBODY), "No organization found by that id or name")
    refused(NotFoundError, lambda: api.get_by_name("nobody"), "No organization found by that id or name")
    gone = "No organization found by that id or name"
    refused(ApiError, lambda: api.update(NOBODY, display_name="x"), gone, status=404)
    refused(ApiError, lambda: api.delete(NOBODY), gone, status=404)
    for organization in made:
        api.delete(organization)
    assert {it.id for it in api.list()} == before


def members():
    api = client()
    organization = api.organizations.create(name="python-members").id
    people = [
        api.users.create(connection=CONNECTION, email=f"python{n:04}@example.com", name=f"Person {n:04}").user_id
        for n in range(1200)
    ]
    for at in range(0, len(people), 10):
        api.organizations.members.create(organization, members=people[at : at + 10])
    listed = [it.user_id for it in api.organizations.members.list(organization, take=100)]
    assert len(listed) == 1200 and set(listed) == set(people)
    first = next(iter(api.organizations.members.list(organization, fields="user_id,roles", include_fields=True)))
    assert first.email is None and first.roles == []
    roles = [api.roles.create(name=f"Python {n}", description=f"Role {n}").id for n in range(3)]
    own = api.organizations.members.roles
    own.assign(organization, people[0], roles=roles)
    assert {it.id for it in own.list(organization, people[0])} == set(roles)
    assert {it.id for it in own.list(organization, people[0], per_page=2)} == set(roles)
    effective = list(api.organizations.members.effective_roles.list(organization, people[0], take=2))
    assert {it.id for it in effective} == set(roles) and effective[0].sources == ["direct"]
    own.delete(organization, people[0], roles=roles[:2])
    assert [it.id for it in own.list(organization, people[0])] == roles[2:]
    assert organization in {it.id for it in api.users.organizations.list(people[0])}
    refused(BadRequestError, lambda: api.organizations.members.create(organization, members=people[:11]), code="invalid_body")
    refused(BadRequestError, lambda: api.organizations.members.create(organization, members=["x"]), "on property members[0].")
    refused(BadRequestError, lambda: own.assign(organization, people[0], roles=[]), code="invalid_body")
    refused(NotFoundError, lambda: own.list(organization, "auth0|nobody"))
    refused(NotFoundError, lambda: api.organizations.members.list(NOBODY))
    api.organizations.members.delete(organization, members=people[:10])
    assert len(list(api.organizations.members.list(organization, take=100))) == 1190
    api.organizations.delete(organization)
    for role in roles:
        api.roles.delete(role)


def invitations():
    api = client()
    organization = api.organizations.create(name="python-invitations").id
    role = api.roles.create(name="Python guest").id
    invite = lambda **more: api.organizations.invitations.create(
        organization,
        inviter={"name": "Ada Lovelace"},
        invitee={"email": "python-guest@example.com"},
        client_id=APP_CLIENT,
        **more,
    )
    made = invite(roles=[role], ttl_sec=3600, send_invitation_email=False, user_metadata={"a": 1}, app_metadata={"b": 2})
    assert made.id.startswith("uinv_") and made.roles == [role] and made.invitation_url
    assert (made.inviter.name, made.invitee.email) == ("Ada Lovelace", "python-guest@example.com")
    assert (made.expires_at - made.created_at).total_seconds() <= 3601
    own = api.organizations.invitations
    assert [it.id for it in own.list(organization)] == [made.id]
    assert own.get(organization, made.id).client_id == APP_CLIENT
    own.delete(organization, made.id)
    refused(NotFoundError, lambda: own.get(organization, made.id), "The invitation does not exist.", "inexistent_invitation")
    refused(NotFoundError, lambda: own.delete(organization, made.id), "The invitation does not exist.")
    refused(NotFoundError, lambda: own.list(NOBODY), "No organization found by that id.")
    refused(BadRequestError, lambda: invite(ttl_sec=2592001), "on property ttl_sec.", "invalid_body")
    api.organizations.delete(organization)
    api.roles.delete(role)


def connections():
    api = client()
    connection = next(iter(api.connections.list()))
    assert connection.name == CONNECTION
    organization = api.organizations.create(name="python-connections").id
    own = api.organizations.enabled_connections
    made = own.add(organization, connection_id=connection.id, assign_membership_on_login=False)
    assert made.connection.strategy == "auth0"
    assert [it.connection_id for it in own.list(organization)] == [connection.id]
    assert own.update(organization, connection.id, show_as_button=False).show_as_button is False
    assert own.get(organization, connection.id).show_as_button is False
    own.delete(organization, connection.id)
    refused(NotFoundError, lambda: own.get(organization, connection.id), "No connection found by that id")
    refused(NotFoundError, lambda: own.delete(organization, connection.id), "No connection found by that id")
    api.organizations.delete(organization)


def domains():
    api = client()
    organization = api.organizations.create(name="python-domains").id
    own = api.organizations.discovery_domains
    made = own.create(organization, domain="python.invalid")
    assert made.status == "pending" and made.verification_txt and made.verification_host
    assert [it.id for it in own.list(organization)] == [made.id]
    assert own.get(organization, made.id).domain == "python.invalid"
    assert own.get_by_name(organization, "python.invalid").id == made.id
    assert own.update(organization, made.id, use_for_organization_discovery=False).use_for_organization_discovery is False
    refused(ConflictError, lambda: own.create(organization, domain="python.invalid"))
    own.delete(organization, made.id)
    refused(NotFoundError, lambda: own.get(organization, made.id))
    api.organizations.delete(organization)


def tenant():
    api = client()
    role = api.roles.create(name="Python auditor", description="Reads")
    assert api.roles.get(role.id).description == "Reads"
    assert api.roles.update(role.id, name="Python controller").name == "Python controller"
    assert role.id in {it.id for it in api.roles.list(per_page=2)}
    api.roles.delete(role.id)
    refused(NotFoundError, lambda: api.roles.get(role.id))
    user = api.users.create(connection=CONNECTION, email="python-tenant@example.com", user_metadata={"a": 1, "b": 2})
    assert api.users.update(user.user_id, user_metadata={"a": 3}).user_metadata == {"a": 3, "b": 2}
    assert api.users.get(user.user_id).email == "python-tenant@example.com"
    assert [it.user_id for it in api.users.list_users_by_email(email="python-tenant@example.com")] == [user.user_id]
    assert user.user_id in {it.user_id for it in api.users.list(per_page=100)}
    refused(ConflictError, lambda: api.users.create(connection=CONNECTION, email="python-tenant@example.com"))
    api.users.delete(user.user_id)
    refused(NotFoundError, lambda: api.users.get(user.user_id))
    assert api.clients.get(APP_CLIENT).client_id == APP_CLIENT
    assert APP_CLIENT in {it.client_id for it in api.clients.list()}


def scopes():
    narrow = client(scope="create:organization_members")
    refused(
        ForbiddenError,
        lambda: narrow.organizations.list(),
        "Insufficient scope, expected any of: read:organizations",
        "insufficient_scope",
    )
    refused(
        ForbiddenError,
        lambda: narrow.organizations.members.list(NOBODY),
        "Insufficient scope, expected any of: read:organization_members",
        "insufficient_scope",
    )
    nobody = Auth0(base_url=f"{URL}/api/v2", token="nonsense")
    refused(UnauthorizedError, lambda: nobody.organizations.list(), "Invalid token")


def burst():
    api = client(max_retries=5)
    for _ in range(40):
        api.organizations.list(take=1)


PARTS = {
    "journey": [organizations, members, invitations, connections, domains, tenant, scopes],
    "burst": [burst],
}


def main():
    passed = failed = 0
    for part in PARTS[os.environ["GUILDHALL_PART"]]:
        try:
            part()
            passed += 1
            print(f"ok {part.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED {part.__name__}", flush=True)
            traceback.print_exc()
    print(f"sdk result: {passed} passed; {failed} failed", flush=True)
    sys.exit(1 if failed else 0)


main()
