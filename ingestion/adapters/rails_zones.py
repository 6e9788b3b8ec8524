"""Time-zone names as Ruby on Rails spells them, and the IANA zones they stand for.

Belongs here: the list, and the SQL that reads a zone name. Zendesk writes its schedules in Rails names
("New Caledonia", "Pacific Time (US & Canada)"), which DuckDB does not know. Nothing of Zendesk's shape belongs here.
"""

from __future__ import annotations

# One zone a line: the IANA zone, then its Rails names, '|' between them.
_LINES = """
Pacific/Midway|International Date Line West|Midway Island
Pacific/Pago_Pago|American Samoa
Pacific/Honolulu|Hawaii
America/Juneau|Alaska
America/Los_Angeles|Pacific Time (US & Canada)
America/Tijuana|Tijuana
America/Denver|Mountain Time (US & Canada)
America/Phoenix|Arizona
America/Chihuahua|Chihuahua
America/Mazatlan|Mazatlan
America/Chicago|Central Time (US & Canada)
America/Regina|Saskatchewan
America/Mexico_City|Guadalajara|Mexico City
America/Monterrey|Monterrey
America/Guatemala|Central America
America/New_York|Eastern Time (US & Canada)
America/Indiana/Indianapolis|Indiana (East)
America/Bogota|Bogota
America/Lima|Lima|Quito
America/Halifax|Atlantic Time (Canada)
America/Caracas|Caracas
America/La_Paz|La Paz
America/Santiago|Santiago
America/Asuncion|Asuncion
America/St_Johns|Newfoundland
America/Sao_Paulo|Brasilia
America/Argentina/Buenos_Aires|Buenos Aires
America/Montevideo|Montevideo
America/Guyana|Georgetown
America/Puerto_Rico|Puerto Rico
America/Godthab|Greenland
Atlantic/South_Georgia|Mid-Atlantic
Atlantic/Azores|Azores
Atlantic/Cape_Verde|Cape Verde Is.
Europe/Dublin|Dublin
Europe/London|London|Edinburgh
Europe/Lisbon|Lisbon
Africa/Casablanca|Casablanca
Africa/Monrovia|Monrovia
Europe/Belgrade|Belgrade
Europe/Bratislava|Bratislava
Europe/Budapest|Budapest
Europe/Ljubljana|Ljubljana
Europe/Prague|Prague
Europe/Sarajevo|Sarajevo
Europe/Skopje|Skopje
Europe/Warsaw|Warsaw
Europe/Zagreb|Zagreb
Europe/Brussels|Brussels
Europe/Copenhagen|Copenhagen
Europe/Madrid|Madrid
Europe/Paris|Paris
Europe/Amsterdam|Amsterdam
Europe/Berlin|Berlin
Europe/Zurich|Zurich|Bern
Europe/Rome|Rome
Europe/Stockholm|Stockholm
Europe/Vienna|Vienna
Africa/Algiers|West Central Africa
Europe/Bucharest|Bucharest
Africa/Cairo|Cairo
Europe/Helsinki|Helsinki
Europe/Kiev|Kyiv|Kyev
Europe/Riga|Riga
Europe/Sofia|Sofia
Europe/Tallinn|Tallinn
Europe/Vilnius|Vilnius
Europe/Athens|Athens
Europe/Istanbul|Istanbul
Europe/Minsk|Minsk
Asia/Jerusalem|Jerusalem
Africa/Harare|Harare
Africa/Johannesburg|Pretoria
Europe/Kaliningrad|Kaliningrad
Europe/Moscow|Moscow|St. Petersburg
Europe/Volgograd|Volgograd
Europe/Samara|Samara
Asia/Kuwait|Kuwait
Asia/Riyadh|Riyadh
Africa/Nairobi|Nairobi
Asia/Baghdad|Baghdad
Asia/Tehran|Tehran
Asia/Muscat|Muscat|Abu Dhabi
Asia/Baku|Baku
Asia/Tbilisi|Tbilisi
Asia/Yerevan|Yerevan
Asia/Kabul|Kabul
Asia/Yekaterinburg|Ekaterinburg
Asia/Karachi|Karachi|Islamabad
Asia/Tashkent|Tashkent
Asia/Kolkata|Kolkata|Chennai|Mumbai|New Delhi
Asia/Kathmandu|Kathmandu
Asia/Dhaka|Dhaka
Asia/Colombo|Sri Jayawardenepura
Asia/Almaty|Almaty|Astana
Asia/Novosibirsk|Novosibirsk
Asia/Rangoon|Rangoon
Asia/Bangkok|Bangkok|Hanoi
Asia/Jakarta|Jakarta
Asia/Krasnoyarsk|Krasnoyarsk
Asia/Shanghai|Beijing
Asia/Chongqing|Chongqing
Asia/Hong_Kong|Hong Kong
Asia/Urumqi|Urumqi
Asia/Kuala_Lumpur|Kuala Lumpur
Asia/Singapore|Singapore
Asia/Taipei|Taipei
Australia/Perth|Perth
Asia/Irkutsk|Irkutsk
Asia/Ulaanbaatar|Ulaanbaatar
Asia/Seoul|Seoul
Asia/Tokyo|Tokyo|Osaka|Sapporo
Asia/Yakutsk|Yakutsk
Australia/Darwin|Darwin
Australia/Adelaide|Adelaide
Australia/Melbourne|Melbourne
Australia/Canberra|Canberra
Australia/Sydney|Sydney
Australia/Brisbane|Brisbane
Australia/Hobart|Hobart
Asia/Vladivostok|Vladivostok
Pacific/Guam|Guam
Pacific/Port_Moresby|Port Moresby
Asia/Magadan|Magadan
Asia/Srednekolymsk|Srednekolymsk
Pacific/Guadalcanal|Solomon Is.
Pacific/Noumea|New Caledonia
Pacific/Fiji|Fiji
Asia/Kamchatka|Kamchatka
Pacific/Majuro|Marshall Is.
Pacific/Auckland|Auckland|Wellington
Pacific/Tongatapu|Nuku'alofa
Pacific/Fakaofo|Tokelau Is.
Pacific/Chatham|Chatham Is.
Pacific/Apia|Samoa
UTC|UTC
"""

RAILS_TO_IANA: dict[str, str] = {
    name: zone for zone, *names in (line.split("|") for line in _LINES.strip().splitlines()) for name in names
}


def iana_zone_sql(field: str) -> str:
    """SQL of the IANA zone that the text `field` (a SQL expression) names, in either spelling.

    A name that is in neither list comes back as it stands, so that a rule can reject the row and say the name.
    """
    cases = " ".join(
        f"when '{rails.replace(chr(39), chr(39) * 2)}' then '{zone}'" for rails, zone in sorted(RAILS_TO_IANA.items())
    )
    return f"case {field} {cases} else {field} end"
