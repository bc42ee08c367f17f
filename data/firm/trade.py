"""The trades the firm sells: each with its tasks and the things that people work on in them."""

from __future__ import annotations

THEMES: dict[str, dict[str, tuple[str, ...]]] = {
    "Data platform": {
        "Ingestion": ("source extracts", "change feed", "landing tables", "load schedule"),
        "Modelling": ("sales mart", "customer dimension", "history tables", "currency view"),
        "Quality": ("reconciliation rules", "null checks", "row count alerts", "lineage map"),
        "Reporting": ("margin dashboard", "stock report", "semantic layer", "export job"),
        "Cutover": ("parallel run", "freeze plan", "access groups", "runbook"),
    },
    "ERP rollout": {
        "Blueprint": ("chart of accounts", "plant structure", "process map", "gap list"),
        "Configuration": ("payment terms", "tax codes", "approval workflow", "number ranges"),
        "Migration": ("vendor master", "open items", "opening balances", "material master"),
        "Testing": ("order-to-cash script", "period close test", "defect backlog", "load test"),
        "Training": ("key user manual", "warehouse session", "exercise set", "quick guides"),
    },
    "Bridge design": {
        "Survey": ("boring logs", "topographic survey", "traffic counts", "utility plans"),
        "Structural analysis": ("girder model", "wind load case", "fatigue check", "pier footing"),
        "Drawings": ("deck sections", "rebar schedule", "bearing details", "general layout"),
        "Permits": ("river permit", "noise study", "heritage statement", "planning file"),
        "Site supervision": ("pour inspection", "weld records", "defect list", "safety walk"),
    },
    "Cyber assurance": {
        "Scoping": ("asset inventory", "threat model", "crown jewel list", "test window"),
        "Testing": ("payment API", "VPN gateway", "mobile client", "privilege paths"),
        "Hardening": ("firewall baseline", "password policy", "patch cadence", "key rotation"),
        "Incident drill": ("phishing exercise", "call tree", "evidence kit", "playbook"),
        "Assurance report": ("risk register", "control mapping", "retest results", "findings"),
    },
    "Tax advisory": {
        "Compliance": ("VAT return", "intrastat filing", "withholding statement", "tax ledger"),
        "Transfer pricing": ("local file", "benchmark study", "margin corridor", "master file"),
        "Restructuring": ("step plan", "share valuation", "merger deed", "loss carry-forward"),
        "Audit support": ("query list", "sample vouchers", "hearing notes", "appeal brief"),
        "Opinions": ("permanent establishment memo", "treaty relief", "ruling request", "lease"),
    },
    "Operations improvement": {
        "Diagnosis": ("shop-floor observations", "value stream", "downtime data", "bottleneck"),
        "Line design": ("takt calculation", "cell layout", "kanban loops", "shift pattern"),
        "Pilot": ("pilot line", "setup reduction", "standard work sheets", "daily board"),
        "Roll-out": ("training matrix", "site calendar", "coach handover", "audit checklist"),
        "Benefits": ("savings tracker", "baseline costs", "scrap figures", "energy meter data"),
    },
    "Grid connection": {
        "Load flow": ("feeder model", "short-circuit study", "voltage profile", "harmonics"),
        "Protection": ("relay settings", "selectivity plan", "earth fault test", "trip matrix"),
        "Procurement": ("transformer tender", "cable quotes", "vendor questions", "spare list"),
        "Commissioning": ("energising sequence", "SCADA points", "acceptance protocol", "meter"),
        "Regulation": ("grid code file", "connection contract", "curtailment terms", "hearing"),
    },
    "Clinical systems": {
        "Requirements": ("ward interviews", "order sets", "consent forms", "allergy alerts"),
        "Interfaces": ("lab messages", "imaging worklist", "admission feed", "billing codes"),
        "Validation": ("test protocols", "traceability matrix", "deviation log", "dose limits"),
        "Go-live": ("command centre", "floor walking", "downtime forms", "fallback plan"),
        "Optimisation": ("click counts", "triage screen", "discharge letter", "response times"),
    },
    "Brand and market": {
        "Research": ("focus groups", "price panel", "segment survey", "competitor shelf"),
        "Strategy": ("positioning paper", "portfolio map", "channel mix", "launch calendar"),
        "Creative brief": ("key visual", "tone guide", "packaging mock-up", "claim list"),
        "Campaign": ("media plan", "landing page", "influencer shortlist", "tracking tags"),
        "Measurement": ("uplift model", "brand tracker", "click attribution", "coupon data"),
    },
    "Property portfolio": {
        "Valuation": ("rent roll", "yield comparison", "discount model", "site visit"),
        "Lease review": ("break options", "index clause", "service charges", "sublet consent"),
        "Space planning": ("desk ratio", "stacking plan", "move sequence", "meeting rooms"),
        "Energy": ("boiler survey", "insulation quotes", "meter readings", "solar yield"),
        "Disposal": ("data room", "bidder questions", "sales memo", "closing list"),
    },
}
"""Tasks by trade, each with what its work is about: the words that tell trades apart."""

BUSINESS_UNITS = {
    "Data platform": "Technology",
    "ERP rollout": "Technology",
    "Cyber assurance": "Technology",
    "Clinical systems": "Technology",
    "Bridge design": "Engineering",
    "Grid connection": "Engineering",
    "Tax advisory": "Advisory",
    "Operations improvement": "Advisory",
    "Brand and market": "Advisory",
    "Property portfolio": "Advisory",
}
"""The part of the firm that delivers each trade; nothing of it is drawn."""

ACTIVITIES = (
    "Analysed", "Built", "Checked", "Compared", "Completed", "Configured", "Corrected", "Designed",
    "Discussed", "Documented", "Drafted", "Estimated", "Extended", "Finalised", "Investigated",
    "Measured", "Outlined", "Prepared", "Presented", "Refined", "Reviewed", "Revised", "Tested",
    "Traced", "Updated", "Validated", "Walked through", "Wrote up",
)  # fmt: skip

DETAILS = (
    "after the client's comments", "ahead of the steering committee", "and closed two open points",
    "and logged the open questions", "and noted three deviations", "as agreed on Monday",
    "based on the workshop", "before the handover", "for the next release",
    "for the programme office", "for the second site", "following the site call",
    "in line with the change request", "including the edge cases", "including the sign-off sheet",
    "to answer the auditor's question", "to settle the defect from last week",
    "together with the client's controller", "with figures up to last month",
    "with the key users", "with the supplier's engineer", "with two variants",
)  # fmt: skip

EMPTY = (
    "", "Work", "-", "Hours", "To be completed", "Draft, to be completed by month end",
    "TBD with the manager",
)  # fmt: skip
BANNED_PHRASES = ("to be completed", "tbd")

EXCLUDED_ACTIVITIES = ("internal_meeting", "training", "travel_time", "administration")
LATER_EXCLUDED = "knowledge_transfer"
"""An activity that some contracts pay for until a change order excludes it."""

CLIENT_NAMES = (
    "Aldermoor", "Brennhaus", "Castellane", "Dornbach", "Eastvale", "Falkenried", "Granville",
    "Hartwick", "Isarwerk", "Jasnow", "Kelmscott", "Lindqvist", "Montclair", "Nordhavn",
    "Oberland", "Pemberley", "Quartz", "Ravensburg", "Silverlea", "Tarnow", "Umbria", "Valdoro",
    "Westerlund", "Xanten", "Yarrow", "Zielona",
)  # fmt: skip
CLIENT_TRADES = ("Energy", "Foods", "Insurance", "Logistics", "Pharma", "Rail", "Retail", "Steel")

FIRST_NAMES = (
    "Ada", "Anton", "Bela", "Carla", "Cedric", "Daria", "Emil", "Eva", "Felix", "Greta", "Hugo",
    "Ines", "Jan", "Jana", "Karim", "Lena", "Luca", "Marta", "Milan", "Nadia", "Oskar", "Paula",
    "Rafael", "Rosa", "Selim", "Sofia", "Tom", "Vera", "Wanda", "Yusuf",
)  # fmt: skip
LAST_NAMES = (
    "Adler", "Bauer", "Castro", "Dubois", "Ekberg", "Fischer", "Garnier", "Hall", "Ivanov",
    "Jansen", "Kowalski", "Lang", "Moreau", "Novak", "Okafor", "Petrov", "Quinn", "Rossi",
    "Schmid", "Torres", "Ueda", "Vogel", "Walsh", "Young", "Zeller",
)  # fmt: skip
