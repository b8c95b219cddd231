package org.gridwarden.bench.channels;

import java.util.Locale;

/** What is measured of each variant: the columns of the CSV, in their order. */
enum Figure {
  METERS("meters", "meters that connected"),
  SETUP_BYTES("bytes", "on the wire to connect one meter, both ways"),
  SETUP_PACKETS("packets", "to connect one meter"),
  SETUP_P50("ms", "until a meter is connected, half of the meters; all connect at once"),
  SETUP_P95("ms", "the same, 95 %"),
  IDLE_BYTES_AN_HOUR("bytes/h", "on the wire of a meter that has nothing to tell"),
  IDLE_PACKETS_AN_HOUR("packets/h", "of a meter that has nothing to tell"),
  MESSAGES("messages", "sent while bytes were counted"),
  PAYLOAD_BYTES("bytes", "a message, what it says: SenML in CBOR, or a DLMS push"),
  SECURITY_BYTES(
      "bytes", "a message, ciphering and authentication: COSE, DLMS's, OSCORE, TLS, DTLS"),
  PROTOCOL_BYTES("bytes", "a message, the application protocol, with acknowledgements and polls"),
  TRANSPORT_BYTES("bytes", "a message, headers of TCP or UDP, and what TCP sent again"),
  INTERNET_BYTES("bytes", "a message, IP headers"),
  WIRE_BYTES("bytes", "a message in all, both ways"),
  UP_BYTES("bytes", "a message, from the meter"),
  DOWN_BYTES("bytes", "a message, to the meter"),
  PACKETS("packets", "a message, both ways"),
  FRAME_HEAD_UP_BYTES(
      "bytes", "a WebSocket frame's head from the meter, as captured, its mask included"),
  FRAME_HEAD_DOWN_BYTES("bytes", "the same from the office"),
  UP_P50("ms", "from sealing to the office's intake, half of the messages"),
  UP_P95("ms", "the same, 95 %"),
  UP_P99("ms", "the same, 99 %"),
  ACKNOWLEDGED_P50("ms", "until the meter knows that it is stored, half of the messages"),
  ACKNOWLEDGED_P95("ms", "the same, 95 %"),
  ACKNOWLEDGED_P99("ms", "the same, 99 %"),
  DOWN_P50("ms", "from an order's sending to the meter's desk, half of the orders"),
  DOWN_P95("ms", "the same, 95 %"),
  DOWN_P99("ms", "the same, 99 %"),
  RECEIPT_P50("ms", "from an order's sending to its receipt, half of the orders"),
  RECEIPT_P95("ms", "the same, 95 %"),
  ORDERS("orders", "sent"),
  ORDERS_CONFIRMED("orders", "confirmed by the meter's receipt"),
  SENT("messages", "sent in all, each counted once"),
  DELIVERED("messages", "of these at the office's intake in the end"),
  DELIVERED_PERCENT("%", "delivered"),
  DUPLICATES("messages", "that came to intake more than once; it keeps one"),
  SENT_AGAIN("messages", "sent again by the meter itself"),
  OFFICE_MICROS("µs", "the office's processor a message, database aside"),
  METER_MICROS("µs", "the simulated meters' processor a message"),
  OFFICE_HEAP("MiB", "the office's heap, for 1,000 connected meters"),
  METER_HEAP("MiB", "the simulated meters' heap, for 1,000"),
  MESSAGES_A_SECOND("messages/s", "one at a time a meter, as fast as acknowledged, over loopback"),
  MESSAGE_ENERGY("mJ", "a meter's radio, a message, by the stated model"),
  DAY_ENERGY("J", "a meter's radio, a day of 96 messages with what it costs to stay reachable"),
  OUTAGE_DUE("messages", "due while the link was down"),
  OUTAGE_DELIVERED_PERCENT("%", "of these at the office within as long again and a minute"),
  OUTAGE_FIRST_SECONDS("s", "from the outage's end to the first message"),
  OUTAGE_LAST_SECONDS("s", "from the outage's end until the last that was late had come");

  private final String unit;
  private final String about;

  Figure(String unit, String about) {
    this.unit = unit;
    this.about = about;
  }

  /** Its name in files. */
  String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  String unit() {
    return unit;
  }

  /** What it is, for people. */
  String about() {
    return about;
  }
}
