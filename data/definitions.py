"""What the numbers on our screens mean: each defined once, shown in place and in the documents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What one number or word means, in one to three sentences; `source` says where it is from."""

    title: str
    text: str
    source: str = ""


def explain(name: str) -> str:
    """Give the text that stands beside a number as help. Raises KeyError for an unknown name."""
    found = DEFINITIONS[name]
    return f"{found.text} {found.source}".strip()


DEFINITIONS: dict[str, Definition] = {
    # Money and risk of one item
    "amount": Definition(
        title="Amount",
        text="What the item would bill as it was submitted, in the contract's currency.",
    ),
    "at_risk": Definition(
        title="At risk",
        text="Money that was asked for and that the contract does not allow: billed as it stands, "
        "it may be disputed or clawed back.",
    ),
    "not_billed": Definition(
        title="Not billed",
        text="Money that is due under the contract and that nobody has asked for yet.",
    ),
    "exposure": Definition(
        title="Exposure",
        text="The money one finding is about: at risk where too much is asked for, not billed "
        "where too little.",
    ),
    "violation_probability": Definition(
        title="Probability of a fault",
        text="How likely it is that billing the item as it stands breaks its contract; certain "
        "once a rule proved it, otherwise a calibrated estimate of the models.",
    ),
    "delay_probability": Definition(
        title="Probability of a late bill",
        text="How likely it is that the item is not billed by the end of its period, after what "
        "its approvals and its like did before.",
    ),
    "approved_money": Definition(
        title="To bill",
        text="Money that is billed after the decision.",
    ),
    "written_off": Definition(
        title="Written off",
        text="Money that a person gave up for good by a decision.",
    ),
    "moved": Definition(
        title="Moved",
        text="Money of work that belongs to another contract line, priced at this line's rates; "
        "it is billed there once the transfer is settled.",
    ),
    # The queue
    "value": Definition(
        title="Value",
        text="Money that is wrong if billing the item as it stands is wrong: the exposure once a "
        "rule proved a fault, the amount on suspicion alone; capped, so that one typing error "
        "does not own the queue.",
    ),
    "doubt": Definition(
        title="Doubt",
        text="Probability that billing the item as it stands would be wrong; 100 % once a rule "
        "proved it.",
    ),
    "reviewer_error": Definition(
        title="Reviewer error",
        text="Share of such cases that reviewers get wrong, measured by blind second reviews; "
        "5 % until enough of them are in.",
    ),
    "review_minutes": Definition(
        title="Minutes of work",
        text="How long such a case takes to decide: as learned from earlier ones, or a guess from "
        "its findings and rows.",
    ),
    "net_per_minute": Definition(
        title="Net per minute",
        text="Value x (doubt - reviewer error) / minutes of work: the money that the next minute "
        "of review saves. The queue hands out the highest first.",
    ),
    "lease": Definition(
        title="Hold",
        text="While you hold a case nobody else can decide it. It runs out by itself when you "
        "stop working on it, and the case goes back to the queue.",
    ),
    "due": Definition(
        title="Due",
        text="When the response time of the review policy runs out, in working hours.",
    ),
    "lane": Definition(
        title="Lane",
        text="Why a case is in the queue: worth reviewing, a random check of what was cleared, a "
        "blind second review, a known answer, or returned. Reviewers are not told.",
    ),
    "propensity": Definition(
        title="Propensity",
        text="Probability with which an item was sent to a person, stored when it was drawn. It "
        "lets a random sample speak for all items.",
    ),
    "backlog_minutes": Definition(
        title="Backlog",
        text="Expected minutes of work in all cases that wait for a reviewer.",
    ),
    # The guarantee
    "certificate": Definition(
        title="Certificate",
        text="A promise of the models for a group of items: of what is cleared without a person, "
        "at most the stated share is wrong, with the stated confidence. It ends with time, with "
        "use, or with an alarm.",
    ),
    "threshold": Definition(
        title="Threshold",
        text="Items of the segment are cleared up to this probability of a fault; none where "
        "nothing could be promised.",
    ),
    "audit_wrong_share": Definition(
        title="Wrong among checks",
        text="Share of cleared items that random checks found wrong, weighted so that the sample "
        "speaks for all of them, with an interval of 95 %.",
    ),
    "alarm": Definition(
        title="Alarm",
        text="Random checks show that a promise is broken. Clearing of that segment stops at once "
        "and until a bundle certified after the alarm is in force.",
    ),
    "drift": Definition(
        title="Drift",
        text="Whether items, verdicts or calibration have moved away from what the models learned "
        "from.",
    ),
    "shadow": Definition(
        title="Shadow",
        text="A challenger that is asked about every new item beside the champion, without any "
        "effect, so that the two can be compared.",
    ),
    "log_loss": Definition(
        title="Log loss",
        text="How far stated probabilities are from what turned out; 0 is perfect, lower is "
        "better.",
    ),
    "auc": Definition(
        title="AUC",
        text="Probability that a faulty item is ranked above a faultless one; 0.5 is chance, 1 is "
        "perfect.",
    ),
    # Operations
    "open_cases": Definition(
        title="Open cases",
        text="Cases that still need somebody: waiting, held, asked about, escalated, snoozed or "
        "before a second person.",
    ),
    "late_cases": Definition(
        title="Late",
        text="Open cases whose response time has run out.",
    ),
    "straight_through_items": Definition(
        title="Straight through, of items",
        text="Share of the items assessed in the period that were cleared without a person. "
        "Random checks count as cleared: they do not hold the bill.",
    ),
    "straight_through_money": Definition(
        title="Straight through, of money",
        text="The same share of the money, in each currency by itself.",
    ),
    "override_share": Definition(
        title="Overrides",
        text="Share of final decisions against what the machine held likelier: approved whole "
        "although a fault was likelier than not, or not approved although it was not.",
    ),
    "time_to_decision": Definition(
        title="Time to decision",
        text="From the moment a case was opened to its final decision, in hours: half of the "
        "cases took at most the first figure, nine in ten at most the second.",
    ),
    "cycle": Definition(
        title="Receipt to posting",
        text="From the moment an item was received to the moment its bill stood in the ledger, in "
        "hours: half of the bills, and nine in ten.",
    ),
    "leakage_stopped": Definition(
        title="Stopped",
        text="Money asked for that people did not let pass: the amounts of the decided items less "
        "what was approved, written off or moved.",
    ),
    "leakage_found": Definition(
        title="Found",
        text="Money due and not billed that findings on the items of the period point to.",
    ),
    "capacity": Definition(
        title="Capacity",
        text="Minutes of work done on cases per day on which anybody decided, by the expected "
        "minutes of the cases decided.",
    ),
    "days_of_backlog": Definition(
        title="Days of work",
        text="Backlog divided by capacity: how many working days the queue would take as people "
        "work now, with nothing new coming in.",
    ),
    # Integrations
    "posting": Definition(
        title="Posting",
        text="One write of a bill to the ledger. It is tried again by itself while the ledger is "
        "away, and carries a key so that it never stands there twice.",
    ),
    "refused_posting": Definition(
        title="Exception",
        text="A posting that the ledger or a gate refused for good. Nothing is lost: it waits "
        "here with a reason until somebody has it tried again or discards it.",
    ),
    "second_verdict": Definition(
        title="Second verdict",
        text="Above a limit a second person judges the case without knowing what the first one "
        "said. The same verdict and the same money end it; anything else asks a third person.",
    ),
    "adjudication": Definition(
        title="Ruling",
        text="Where two people came to different ends, a third one says which of the two decisions "
        "stands, or that the case is decided anew. Neither of the two may rule.",
    ),
    "transfer": Definition(
        title="Transfer",
        text="Work that a reviewer found to belong to another contract line. Somebody books it "
        "there in the source system and settles it here.",
    ),
    "delivery": Definition(
        title="Delivery",
        text="A notification on its way to a mailbox or a webhook; one that failed for good is "
        "listed here.",
    ),
    # The review policy
    "policy_four_eyes_major": Definition(
        title="Four eyes from",
        text="From this much money on, in whole units of the contract's currency, a decision to "
        "bill or to give up takes effect only after a second person came to the same one.",
    ),
    "policy_four_eyes_override_major": Definition(
        title="Four eyes against a sure model from",
        text="The same limit where a person decides against a model that was sure of itself.",
    ),
    "policy_sure_probability": Definition(
        title="A model is sure from",
        text="From this probability on a model counts as sure that there is a fault; from one "
        "minus it down, that there is none.",
    ),
    "policy_is_trainee_seconded": Definition(
        title="Trainees are seconded",
        text="Every final decision of a trainee needs a second person, whatever the amount.",
    ),
    "policy_lanes_audit": Definition(
        title="Minutes for random checks",
        text="Share of reviewers' minutes spent on items that were cleared without a person, "
        "drawn at random. They show whether the promise of the models holds.",
    ),
    "policy_lanes_double": Definition(
        title="Minutes for blind second reviews",
        text="Share of reviewers' minutes spent on cases that a colleague decides or decided too, "
        "neither knowing of the other. They show how often people agree.",
    ),
    "policy_lanes_gold": Definition(
        title="Minutes for known cases",
        text="Share of reviewers' minutes spent on cases whose answer is known. They show how many "
        "faults people catch; the person is told afterwards.",
    ),
    "policy_own_call_major": Definition(
        title="Own call first from",
        text="From this amount on people say what they would do before they are told what the "
        "models think.",
    ),
    "policy_own_call_share": Definition(
        title="Own call first, at random",
        text="The same for this random share of all other cases.",
    ),
    "policy_hidden_score_share": Definition(
        title="Models' opinion withheld, at random",
        text="Random share of cases in which the models' opinion is never told, so that its effect "
        "on people can be measured.",
    ),
    "policy_bulk_most_cases": Definition(
        title="Cases in one bulk",
        text="How many cases can be decided together at most.",
    ),
    "policy_bulk_most_major": Definition(
        title="Money in one bulk",
        text="Largest sum that can be decided together.",
    ),
    "policy_value_cap_major": Definition(
        title="Value cap",
        text="Above this much money a case comes no earlier in the queue, so that one typing error "
        "does not own it.",
    ),
    "policy_working_hours": Definition(
        title="Working hours",
        text="When the desk works; response times run in these hours only.",
    ),
    "policy_timeouts": Definition(
        title="Response times",
        text="How long a case may wait in working hours, and what happens then. A rule of one kind "
        "outranks one of every kind; of several, that of the largest amount applies.",
    ),
    "policy_hold_escalated_after_hours": Definition(
        title="Hours until an escalated case is held",
        text="An escalated case that still waits after this time has its invoice held.",
    ),
    "policy_approvals_rules": Definition(
        title="Approvals",
        text="Decisions that take effect only once named people have approved them: what it is "
        "about, from which amount on, who must say yes, in which order, and how long that may "
        "take in working hours. A rule of one currency outranks one of every currency.",
    ),
    "policy_approvals_owners": Definition(
        title="Owners of clients",
        text="Who answers for a client. Where a rule asks for the client's owner, nobody else of "
        "the role will do; while the owner is away, their deputy does.",
    ),
    "approval": Definition(
        title="Approval",
        text="A decision was made and waits for the yes of people whom the policy names. One no "
        "sends the case back to the queue. Nobody approves what they decided themselves.",
    ),
    "policy_effect": Definition(
        title="Effect on what is open",
        text="The same cases, counted under the policy in force and under the draft. Nothing of it "
        "happens before somebody else publishes the draft.",
    ),
    # How well people judge
    "quality_interval": Definition(
        title="Between",
        text="The interval of 95 %: were the same measured again and again on as many cases, such "
        "an interval would hold the true figure in about 95 of 100 times.",
        source="Wilson 1927; of differences Newcombe 1998.",
    ),
    "quality_caught": Definition(
        title="Faults caught",
        text="Of practice cases whose answer is known to be a fault, the share that people did not "
        "bill as it stood. They come unannounced among the work.",
    ),
    "quality_false_alarms": Definition(
        title="False alarms",
        text="Of practice cases known to be right, the share that people did not bill as it stood.",
    ),
    "quality_agreement": Definition(
        title="Agreement",
        text="Of items that two people judged without knowing of each other, the share on which "
        "they agreed whether to bill it as it stands. Drawn by coin; each pair counts by one over "
        "its probability.",
    ),
    "quality_kappa": Definition(
        title="Cohen's kappa",
        text="Agreement beyond chance: 0 is chance, 1 is perfect. It collapses where nearly all "
        "items are right, even if people agree; read it beside AC1.",
        source="Cohen 1960.",
    ),
    "quality_ac1": Definition(
        title="Gwet's AC1",
        text="Agreement beyond chance that does not collapse where nearly all items are alike.",
        source="Gwet 2008.",
    ),
    "quality_showing": Definition(
        title="Effect of the models' opinion",
        text="How much oftener people side with the models where they are told their opinion. A "
        "coin decides who is told, so that the difference is what telling does; each verdict "
        "counts by one over its probability. Large cases, which always ask for an own call first, "
        "are left out.",
    ),
    "quality_changed_mind": Definition(
        title="Went over to the models",
        text="Of own calls against the models' opinion, the share after which the person decided "
        "the models' way once they were told it.",
    ),
    "quality_overrides": Definition(
        title="Against the system",
        text="Share of verdicts against a rule's proof, or against what the models held likelier.",
    ),
    "quality_overrides_right": Definition(
        title="Overrides that were right",
        text="Of these, the share that was right, where the truth is known from a practice case or "
        "from a third person.",
    ),
    "quality_other": Definition(
        title="Reason 'other'",
        text="Share of verdicts with the reason 'other'. Above 10 % the list of reasons lacks one.",
    ),
    "quality_hasty": Definition(
        title="Before anything was read",
        text="Share of verdicts given in less than a fifth of the usual time for their kind: too "
        "fast to have read rows and clause. Of the desk as a whole; nobody is ranked by speed.",
    ),
    "quality_undone": Definition(
        title="Undone",
        text="Share of verdicts that were taken back within the time to undo.",
    ),
    "quality_learned": Definition(
        title="Overrides learned from",
        text="Share of overrides on items that came in before the newest one the models in force "
        "have learned from.",
    ),
    # What was agreed, and what was brought in
    "ceiling_used": Definition(
        title="Used",
        text="What counts against the ceiling so far, in the order in which work uses it up: "
        "accepted before first, then what was handed in first.",
    ),
    "reading_confidence": Definition(
        title="Read with",
        text="How sure the reader of contracts was of this passage. A person confirms every one "
        "before it holds.",
    ),
    "rows_rejected": Definition(
        title="Rows given back",
        text="Rows of the file that were not taken; each comes back with the field, the value, "
        "the reason and what to do.",
    ),
    # One's own day
    "my_decided": Definition(
        title="Decided today",
        text="Your own decisions since midnight in your time zone that stand; undone ones do not "
        "count. Nobody else is shown this, and nobody is ranked by it.",
    ),
    "my_median_time": Definition(
        title="Usual time on a case",
        text="Half of your decisions since midnight took less time with the case on the screen, "
        "half took more.",
    ),
    # The audit trail
    "audit_entry": Definition(
        title="Entry of the audit trail",
        text="Who did what to what, and when, written together with what was done and never "
        "changed. Its place is its number in the signed log; an entry of the last moments waits "
        "for one.",
    ),
    "audit_head": Definition(
        title="Signed head",
        text="Every second the service signs how many entries there are and a hash over all of "
        "them (the root). Whoever changes, adds or drops an entry afterwards cannot give the same "
        "root again.",
    ),
}
