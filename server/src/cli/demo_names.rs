//! The words of the sample data. Every domain ends in `.example`, every number is one of fiction: none reaches anybody.

/// A permission: its name, and what it allows.
pub type Permission = (&'static str, &'static str);
/// A role: its name, what to call it, and its permissions.
pub type Role = (&'static str, &'static str, &'static [&'static str]);
/// A role group: its name, what it is for, and its roles.
pub type Group = (&'static str, &'static str, &'static [&'static str]);

/// An application of the vendor.
pub struct App {
    pub name: &'static str,
    pub description: &'static str,
    pub redirect_uri: &'static str,
    pub permissions: &'static [Permission],
    pub roles: &'static [Role],
    pub groups: &'static [Group],
}

pub const APPS: [App; 5] = [
    App {
        name: "Fieldnote CRM",
        description: "Accounts, contacts and the next step with each of them.",
        redirect_uri: "https://crm.guildhall.example/callback",
        permissions: &[
            ("accounts:read", "See accounts and contacts"),
            ("accounts:write", "Add and change accounts and contacts"),
            ("accounts:delete", "Delete accounts"),
            ("deals:read", "See deals and their value"),
            ("deals:write", "Move deals along"),
            ("reports:read", "See forecasts"),
        ],
        roles: &[
            ("crm-viewer", "Viewer", &["accounts:read", "deals:read"]),
            (
                "crm-sales",
                "Sales",
                &["accounts:read", "accounts:write", "deals:read", "deals:write"],
            ),
            (
                "crm-manager",
                "Sales manager",
                &[
                    "accounts:read",
                    "accounts:write",
                    "accounts:delete",
                    "deals:read",
                    "deals:write",
                    "reports:read",
                ],
            ),
        ],
        groups: &[
            ("crm-standard", "For every customer", &["crm-viewer", "crm-sales"]),
            (
                "crm-complete",
                "With forecasts and deletion",
                &["crm-viewer", "crm-sales", "crm-manager"],
            ),
        ],
    },
    App {
        name: "Ledgerline Billing",
        description: "Invoices, payments and what is still owed.",
        redirect_uri: "https://billing.guildhall.example/callback",
        permissions: &[
            ("invoices:read", "See invoices"),
            ("invoices:write", "Write and send invoices"),
            ("invoices:void", "Void an invoice that was sent"),
            ("payments:read", "See payments"),
            ("payments:refund", "Refund a payment"),
            ("settings:write", "Change tax rates and numbering"),
        ],
        roles: &[
            (
                "billing-clerk",
                "Clerk",
                &["invoices:read", "invoices:write", "payments:read"],
            ),
            ("billing-auditor", "Auditor", &["invoices:read", "payments:read"]),
            (
                "billing-controller",
                "Controller",
                &[
                    "invoices:read",
                    "invoices:write",
                    "invoices:void",
                    "payments:read",
                    "payments:refund",
                ],
            ),
            (
                "billing-owner",
                "Owner",
                &[
                    "invoices:read",
                    "invoices:write",
                    "invoices:void",
                    "payments:read",
                    "payments:refund",
                    "settings:write",
                ],
            ),
        ],
        groups: &[
            (
                "billing-basic",
                "Writing and reading invoices",
                &["billing-clerk", "billing-auditor"],
            ),
            (
                "billing-finance",
                "For finance departments",
                &[
                    "billing-clerk",
                    "billing-auditor",
                    "billing-controller",
                    "billing-owner",
                ],
            ),
        ],
    },
    App {
        name: "Harbor Warehouse",
        description: "Stock, deliveries and where everything lies.",
        redirect_uri: "https://warehouse.guildhall.example/callback",
        permissions: &[
            ("stock:read", "See stock"),
            ("stock:count", "Enter a count"),
            ("stock:adjust", "Correct stock"),
            ("deliveries:read", "See deliveries"),
            ("deliveries:dispatch", "Send deliveries off"),
        ],
        roles: &[
            ("picker", "Picker", &["stock:read", "deliveries:read"]),
            ("counter", "Stock counter", &["stock:read", "stock:count"]),
            (
                "shift-lead",
                "Shift lead",
                &[
                    "stock:read",
                    "stock:count",
                    "stock:adjust",
                    "deliveries:read",
                    "deliveries:dispatch",
                ],
            ),
        ],
        groups: &[(
            "warehouse-floor",
            "Everybody on the floor",
            &["picker", "counter", "shift-lead"],
        )],
    },
    App {
        name: "Pulse Analytics",
        description: "Dashboards over what the other applications know.",
        redirect_uri: "https://pulse.guildhall.example/callback",
        permissions: &[
            ("dashboards:read", "See dashboards"),
            ("dashboards:write", "Build dashboards"),
            ("data:export", "Take data out as files"),
            ("sources:write", "Connect sources"),
        ],
        roles: &[
            ("reader", "Reader", &["dashboards:read"]),
            (
                "analyst",
                "Analyst",
                &["dashboards:read", "dashboards:write", "data:export"],
            ),
            (
                "data-steward",
                "Data steward",
                &[
                    "dashboards:read",
                    "dashboards:write",
                    "data:export",
                    "sources:write",
                ],
            ),
        ],
        groups: &[
            ("pulse-readers", "Only looking", &["reader"]),
            (
                "pulse-analysts",
                "Looking and building",
                &["reader", "analyst", "data-steward"],
            ),
        ],
    },
    App {
        name: "Switchboard Support",
        description: "Tickets from customers, and the answers to them.",
        redirect_uri: "https://support.guildhall.example/callback",
        permissions: &[
            ("tickets:read", "See tickets"),
            ("tickets:answer", "Answer tickets"),
            ("tickets:assign", "Give tickets to others"),
            ("articles:write", "Write help articles"),
        ],
        roles: &[
            ("requester", "Requester", &["tickets:read"]),
            (
                "agent",
                "Agent",
                &["tickets:read", "tickets:answer", "articles:write"],
            ),
            (
                "dispatcher",
                "Dispatcher",
                &[
                    "tickets:read",
                    "tickets:answer",
                    "tickets:assign",
                    "articles:write",
                ],
            ),
        ],
        groups: &[(
            "support-desk",
            "For a help desk",
            &["requester", "agent", "dispatcher"],
        )],
    },
];

/// An organization: its name, its domain, how many members it has, and the applications by their place in [`APPS`].
pub type Organization = (&'static str, &'static str, usize, &'static [usize]);

/// The first has a whole company in it, one has nobody, and one has a name that is hard to fit anywhere.
pub const ORGANIZATIONS: [Organization; 40] = [
    (
        "Northwind Logistics",
        "northwind-logistics.example",
        800,
        &[0, 1, 2, 3, 4],
    ),
    (
        "Aurelia Health Partners",
        "aurelia-health.example",
        96,
        &[0, 1, 4],
    ),
    ("Bramblewood Organics", "bramblewood.example", 41, &[0, 2]),
    ("Cobalt & Finch Architects", "cobaltfinch.example", 28, &[0, 1]),
    (
        "Dunmore Marine Insurance",
        "dunmore-marine.example",
        64,
        &[0, 1, 3],
    ),
    (
        "Elmhaven Public Libraries",
        "elmhaven-libraries.example",
        37,
        &[3, 4],
    ),
    ("Fjord & Fell Outdoor", "fjordfell.example", 52, &[0, 2, 4]),
    (
        "Granite Peak Credit Union",
        "granitepeak-cu.example",
        71,
        &[0, 1, 3],
    ),
    ("Hollowell Precision Tools", "hollowell.example", 33, &[1, 2]),
    ("Ibis Renewable Energy", "ibis-renewables.example", 45, &[0, 3]),
    ("Juniper Lane Hotels", "juniperlane.example", 58, &[0, 1, 4]),
    (
        "Kestrel Aerospace Components",
        "kestrel-aero.example",
        62,
        &[1, 2, 3],
    ),
    ("Larkspur Dental Group", "larkspur-dental.example", 19, &[1, 4]),
    (
        "Mosaic Learning Collective",
        "mosaic-learning.example",
        24,
        &[0, 3, 4],
    ),
    ("Nakamura Ceramics", "nakamura-ceramics.example", 12, &[1, 2]),
    ("Ostrava Steelworks", "ostrava-steel.example", 76, &[1, 2, 3]),
    ("Pemberton Legal", "pemberton-legal.example", 22, &[0, 1]),
    ("Quillon Press", "quillon-press.example", 14, &[0]),
    (
        "Redwater Municipal Utilities",
        "redwater-utilities.example",
        49,
        &[1, 3, 4],
    ),
    ("Saffron Street Foods", "saffronstreet.example", 31, &[1, 2]),
    ("Tamarind Travel", "tamarind-travel.example", 17, &[0, 4]),
    ("Umbra Security Consulting", "umbra-security.example", 26, &[0, 4]),
    ("Vantage Point Surveyors", "vantagepoint.example", 11, &[1]),
    (
        "Willowbank Veterinary Clinics",
        "willowbank-vets.example",
        21,
        &[1, 4],
    ),
    ("Xylo Music Technologies", "xylo-music.example", 9, &[0, 3]),
    ("Yarrow & Sons Builders", "yarrow-builders.example", 18, &[1, 2]),
    (
        "Zephyr Cycling Cooperative",
        "zephyr-cycling.example",
        8,
        &[0, 2, 4],
    ),
    (
        "Atlas Freight Forwarding",
        "atlas-freight.example",
        39,
        &[1, 2, 3],
    ),
    ("Bluebell Childcare", "bluebell-childcare.example", 13, &[1]),
    ("Caldera Geothermal", "caldera-geo.example", 16, &[0, 3]),
    ("Driftwood Ferries", "driftwood-ferries.example", 34, &[1, 2, 4]),
    ("Ember & Oak Roasters", "emberoak.example", 7, &[1, 2]),
    (
        "Foxglove Pharmaceuticals",
        "foxglove-pharma.example",
        55,
        &[0, 1, 2, 3],
    ),
    ("Gallivant Events", "gallivant.example", 6, &[0]),
    (
        "Hearthstone Housing Association",
        "hearthstone-housing.example",
        29,
        &[1, 4],
    ),
    ("Isthmus Shipping Agents", "isthmus-shipping.example", 10, &[1, 2]),
    ("Jackdaw Robotics", "jackdaw-robotics.example", 27, &[0, 2, 3]),
    (
        "The Worshipful Cooperative of Inland Waterway Pilots, Lock Keepers and Associated Trades of Loxley",
        "loxley-waterways-cooperative.example",
        5,
        &[0, 4],
    ),
    (
        "Knotweed Remediation (formerly Greenfield)",
        "knotweed.example",
        15,
        &[1, 4],
    ),
    ("Lighthouse Books", "lighthouse-books.example", 0, &[0, 1]),
];

/// The organization that is disabled, by its place.
pub const DISABLED: usize = 38;
/// An organization whose members have no administrator among them, by its place.
pub const WITHOUT_ADMIN: usize = 33;

pub const FIRST_NAMES: [&str; 120] = [
    "Ada",
    "Adaeze",
    "Adrián",
    "Aiko",
    "Aisha",
    "Alejandra",
    "Amara",
    "Amir",
    "Anaïs",
    "Anders",
    "Andrzej",
    "Anika",
    "Antonio",
    "Anya",
    "Arjun",
    "Asha",
    "Astrid",
    "Aylin",
    "Beatriz",
    "Benedikt",
    "Bilal",
    "Björn",
    "Bongani",
    "Brigitte",
    "Camille",
    "Carlos",
    "Catriona",
    "Chiamaka",
    "Chinedu",
    "Claire",
    "Cormac",
    "Dalia",
    "Daniel",
    "Dariusz",
    "Deepika",
    "Diego",
    "Dimitra",
    "Dinh",
    "Eilidh",
    "Elena",
    "Elias",
    "Emeka",
    "Emilia",
    "Enrique",
    "Esther",
    "Eun-ji",
    "Farah",
    "Fatima",
    "Felix",
    "Fernanda",
    "Fiona",
    "Freya",
    "Gabriel",
    "Giulia",
    "Grace",
    "Gustavo",
    "Hamza",
    "Hana",
    "Hannah",
    "Haruto",
    "Hélène",
    "Hiroshi",
    "Ibrahim",
    "Ignacio",
    "Ines",
    "Ingrid",
    "Isabel",
    "Ivan",
    "Jamal",
    "Jana",
    "Jasmine",
    "João",
    "Jonas",
    "José",
    "Kaito",
    "Kamala",
    "Katarzyna",
    "Keanu",
    "Kerstin",
    "Khadija",
    "Kwame",
    "Lars",
    "Layla",
    "Leila",
    "Liam",
    "Lucía",
    "Magdalena",
    "Malik",
    "Marek",
    "María",
    "Mateus",
    "Mei",
    "Mehmet",
    "Mina",
    "Mohammed",
    "Naledi",
    "Nadia",
    "Niamh",
    "Nikolaos",
    "Noor",
    "Oksana",
    "Olivia",
    "Omar",
    "Paola",
    "Pedro",
    "Priya",
    "Rania",
    "Rasmus",
    "Ravi",
    "Renée",
    "Rosa",
    "Ruth",
    "Saoirse",
    "Sebastian",
    "Siobhán",
    "Tariq",
    "Thandiwe",
    "Tomasz",
    "Yusuf",
    "Zoë",
];

pub const LAST_NAMES: [&str; 131] = [
    "Abebe",
    "Achebe",
    "Adeyemi",
    "Ahmed",
    "Alvarez",
    "Andersen",
    "Antonelli",
    "Aoki",
    "Arslan",
    "Bakker",
    "Banerjee",
    "Barros",
    "Baumann",
    "Bello",
    "Berg",
    "Bianchi",
    "Björklund",
    "Boateng",
    "Borges",
    "Brandt",
    "Byrne",
    "Castillo",
    "Chanda",
    "Chen",
    "Choi",
    "Cisneros",
    "Clarke",
    "Costa",
    "Dahl",
    "Das",
    "Delacroix",
    "Demir",
    "Diallo",
    "Dlamini",
    "Domínguez",
    "Drăgulescu",
    "Duarte",
    "Edwards",
    "Eriksen",
    "Espinoza",
    "Evans",
    "Farouk",
    "Fernández",
    "Fischer",
    "Fitzgerald",
    "Fontaine",
    "Fraser",
    "Fujimoto",
    "Gallagher",
    "García",
    "Ghosh",
    "González",
    "Grigoryan",
    "Gunnarsdóttir",
    "Haddad",
    "Hakimi",
    "Hansen",
    "Hernández",
    "Hofmann",
    "Horváth",
    "Hughes",
    "Hussain",
    "Ibáñez",
    "Idowu",
    "Ishikawa",
    "Ivanova",
    "Jansen",
    "Jiménez",
    "Johansson",
    "Joshi",
    "Kamau",
    "Kang",
    "Kapoor",
    "Karlsson",
    "Kim",
    "Kobayashi",
    "Kovač",
    "Kowalski",
    "Kruger",
    "Kumar",
    "Lefèvre",
    "Lindqvist",
    "López",
    "Mahmoud",
    "Mandal",
    "Martins",
    "Mbeki",
    "McAllister",
    "Mendoza",
    "Moreau",
    "Moyo",
    "Müller",
    "Mwangi",
    "Nakamura",
    "Naidoo",
    "Ndlovu",
    "Nguyen",
    "Novák",
    "O'Brien",
    "Obi",
    "Okafor",
    "Oliveira",
    "Olsen",
    "Ortiz",
    "Osei",
    "Özdemir",
    "Papadopoulos",
    "Park",
    "Patel",
    "Pereira",
    "Petrov",
    "Popescu",
    "Quispe",
    "Rahman",
    "Ramírez",
    "Reyes",
    "Rossi",
    "Saito",
    "Santos",
    "Schneider",
    "Sharma",
    "Silva",
    "Singh",
    "Sørensen",
    "Suzuki",
    "Tanaka",
    "Tran",
    "Vargas",
    "Wójcik",
    "Yılmaz",
    "Zhang",
];

/// Names in other scripts and names that are hard to fit: first name, last name, and how the address is written.
pub const OTHER_NAMES: [(&str, &str, &str); 12] = [
    ("秀英", "王", "xiuying.wang"),
    ("さくら", "山本", "sakura.yamamoto"),
    ("민준", "김", "minjun.kim"),
    ("Олена", "Шевченко", "olena.shevchenko"),
    ("Ελένη", "Παπαδάκη", "eleni.papadaki"),
    ("محمد", "العبدالله", "mohammed.alabdullah"),
    ("נועה", "לוי", "noa.levi"),
    ("अनन्या", "शर्मा", "ananya.sharma"),
    ("สมชาย", "ใจดี", "somchai.jaidee"),
    (
        "Wolfeschlegelsteinhausenberger",
        "Featherstonehaugh-Cholmondeley",
        "wolfeschlegelsteinhausenberger.featherstonehaugh",
    ),
    (
        "Pablo Diego José",
        "Ruiz y Picasso de la Santísima",
        "pablo.ruiz-y-picasso",
    ),
    ("Bo", "Li", "bo.li"),
];

/// A department, with the titles in it.
pub const DEPARTMENTS: [(&str, [&str; 4]); 10] = [
    (
        "Sales",
        [
            "Account executive",
            "Sales development representative",
            "Regional sales manager",
            "Sales operations analyst",
        ],
    ),
    (
        "Finance",
        [
            "Accountant",
            "Accounts payable clerk",
            "Controller",
            "Financial analyst",
        ],
    ),
    (
        "Operations",
        [
            "Operations coordinator",
            "Shift lead",
            "Dispatcher",
            "Operations manager",
        ],
    ),
    (
        "Engineering",
        [
            "Software engineer",
            "Site reliability engineer",
            "Engineering manager",
            "Test engineer",
        ],
    ),
    (
        "Support",
        [
            "Support agent",
            "Support team lead",
            "Knowledge base editor",
            "Escalation engineer",
        ],
    ),
    (
        "Marketing",
        [
            "Content editor",
            "Campaign manager",
            "Designer",
            "Market researcher",
        ],
    ),
    (
        "Human resources",
        [
            "Recruiter",
            "People partner",
            "Payroll specialist",
            "Learning coordinator",
        ],
    ),
    (
        "Procurement",
        [
            "Buyer",
            "Contract manager",
            "Category manager",
            "Supplier quality engineer",
        ],
    ),
    (
        "Legal",
        [
            "Counsel",
            "Paralegal",
            "Compliance officer",
            "Data protection officer",
        ],
    ),
    (
        "Information technology",
        [
            "Systems administrator",
            "Service desk analyst",
            "Identity engineer",
            "IT manager",
        ],
    ),
];

pub const LANGUAGES: [&str; 10] = ["en", "en-GB", "de", "fr", "es", "pt-BR", "pl", "ja", "nl", "sv"];

/// A name as an address spells it.
pub fn plain(name: &str) -> String {
    let letter = |c: char| match c {
        'á' | 'à' | 'ã' | 'ă' | 'å' | 'ä' => "a",
        'č' | 'ç' => "c",
        'é' | 'è' | 'ë' => "e",
        'í' | 'ï' | 'ı' => "i",
        'ñ' => "n",
        'ó' | 'ö' | 'ø' => "o",
        'ü' | 'ú' => "u",
        _ => "",
    };
    let mut out = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            out.push(c);
        } else {
            out.push_str(letter(c));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_add_up() {
        let members: usize = ORGANIZATIONS.iter().map(|(_, _, members, _)| members).sum();
        assert!(members >= 2_000, "{members}");
        for app in &APPS {
            for (_, _, roles) in app.groups {
                assert!(
                    roles
                        .iter()
                        .all(|name| app.roles.iter().any(|(role, ..)| role == name))
                );
            }
        }
        for name in FIRST_NAMES.iter().chain(&LAST_NAMES) {
            let ascii = plain(name).len();
            assert!(ascii + 1 >= name.chars().count(), "{name}");
        }
    }
}
