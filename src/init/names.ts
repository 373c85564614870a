/** What a column's name says of it. Names are split into words first: `CustomerID`, `customer-id` and `customer_id` are one. */
export function wordsOf(name: string): readonly string[] {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return spaced.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

const ID = /^(?:id|ids|key|uuid|guid|pk|index|idx|identifier|unnamed|rowid)$/;
/** Numbers that name something: their order and size mean nothing. */
const CODE = /^(?:code|zip|zipcode|postcode|postal|plz|id|sku|fips|iata|icd|naics|sic)$/;
const TIME = /^(?:date|day|time|timestamp|datetime|ts|at|on|when|month|week)$/;
const BIRTH = /^(?:birth|birthday|birthdate|born|dob|death|expiry|expires|expiration)$/;
const KNOWN = /^(?:known|resolved|settled|matured|labelled|labeled|confirmed|decided|closed|completed|outcome|label|verified|returned|ended|finished)$/;
const CLASS = /^(?:class|type|category|label|species|cluster|group|kind|segment|genre|variety)$/;
const COUNT = /^(?:count|counts|number|num|nr|no|n|quantity|qty|rings|age|years|days|hours|minutes|months|visits|score|points|rooms|rating|grade|quality|level|rank)$/;
const OUTCOME = /^(?:outcome|result|verdict|resolution|churned|cancelled|canceled|cancellation|refunded|refund|chargeback|recovered|leaver|prediction|predicted|score)$/;

/** Whose rows recur: a column of these names what a row is about. */
const ENTITY = /^(?:customer|client|user|member|account|patient|person|employee|student|household|subscriber|device|machine|sensor|vehicle|store|shop|product|merchant|supplier|player|contract|policy|loan|order|session|subject)$/;

const some = (pattern: RegExp) => (name: string): boolean => wordsOf(name).some((word) => pattern.test(word));

export const looksLikeId = some(ID);
export const looksLikeCode = some(CODE);
export const looksLikeClass = some(CLASS);
export const looksLikeCount = some(COUNT);
export const looksLikeOutcome = some(OUTCOME);
export const looksLikeEntity = (name: string): boolean => some(ENTITY)(name) && (looksLikeId(name) || wordsOf(name).length === 1 || some(/^(?:no|nr|number|code|name)$/)(name));

/** A column of days that a row may belong to; birthdays and days on which an outcome became known are none. */
export function looksLikeTime(name: string): boolean {
  return some(TIME)(name) && !some(BIRTH)(name) && !looksLikeKnownAt(name);
}

export const looksLikeBirth = some(BIRTH);

/** The day on which an outcome became known: `known_on`, `resolved_at`, `label_date`. */
export const looksLikeKnownAt = some(KNOWN);

/** A column that names the first day that knows, and not the day on which something happened. */
export const saysKnown = some(/^(?:known|available)$/);

const PERSONAL: readonly (readonly [RegExp, string])[] = [
  [/^(?:email|mail|e mail)$/, 'e-mail addresses'],
  [/^(?:phone|telephone|tel|mobile|cell|fax|msisdn)$/, 'telephone numbers'],
  [/^(?:ssn|social security|passport|nin|tax id|national id|license plate|driver license)$/, 'official numbers of people'],
  [/^(?:iban|card number|credit card number|pan|bic|account number)$/, 'numbers of accounts or cards'],
  [/^(?:ip|ip address|mac address)$/, 'network addresses'],
  [/^(?:first name|last name|full name|surname|forename|given name|family name|firstname|lastname|fullname|maiden name|middle name)$/, 'names of people'],
  [/^(?:name|customer name|client name|user name|username|patient name|employee name|contact|contact name)$/, 'names'],
  [/^(?:address|street|street address|home address|addr)$/, 'addresses'],
  [/^(?:dob|birthday|birthdate|birth date|date of birth|born|born on)$/, 'dates of birth'],
];

/** What personal data a name speaks of; undefined if none. Up to three neighbouring words are read together. */
export function personalName(name: string): string | undefined {
  const words = wordsOf(name);
  const phrases = [words.join(' '), ...[2, 1].flatMap((length) => words.map((_, at) => words.slice(at, at + length).join(' ')))];
  const found = PERSONAL.find(([pattern], place) => (place === 6 || place === 7 ? phrases.slice(0, 1) : phrases).some((phrase) => pattern.test(phrase)));
  return found?.[1];
}
