package org.gridwarden.security;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads shipment files: meters with their keys as their maker hands them over. Two forms, told
 * apart by the first character:
 *
 * <ul>
 *   <li>CSV (RFC 4180) in UTF-8 with a header line: {@code serial, system_title, profile,
 *       service_point, zone, push_policy, key_id, guek, gak} and optionally {@code gbek}, {@code
 *       meter_id}, how it is reached, and what commands need: {@code feeder}, {@code receipt_key},
 *       {@code seal}; in any order.
 *   <li>XML: {@code <shipment><meter><serial>...</serial>...</meter>...</shipment>} with the same
 *       names as elements. No document type, no entities.
 * </ul>
 *
 * Keys are wrapped to the office's public key ({@link KeyWrap#forShipment}) and stand in base64.
 * Whatever is wrong with a file comes back as {@link ShipmentError}s. Stateless.
 */
public final class Shipments {
  private static final int LOOK = 64;

  private Shipments() {}

  /**
   * Reads a file to its end or to its limits.
   *
   * @param in is not closed
   * @throws IOException where reading fails, not for anything that stands in the file
   */
  public static Shipment read(InputStream in, ShipmentRules rules) throws IOException {
    ShipmentCheck check = new ShipmentCheck(rules);
    BoundedInput bounded = new BoundedInput(in, rules.maxBytes());
    BufferedInputStream buffered = new BufferedInputStream(bounded);
    if (looksLikeXml(buffered)) {
      ShipmentXml.read(buffered, bounded, check);
    } else {
      ShipmentCsv.read(buffered, bounded, check);
    }
    return check.result();
  }

  /**
   * Checks one meter that came in some other form, as an operator's entry does.
   *
   * @param fields by the names of the CSV's columns; a shipment of one line, or of errors
   */
  public static Shipment line(Map<String, String> fields, ShipmentRules rules) {
    ShipmentCheck check = new ShipmentCheck(rules);
    Map<String, String> known = new HashMap<>();
    fields.forEach((name, text) -> {
      if (!ShipmentCheck.FIELDS.contains(name)) {
        check.file(1, "", "a field is not known; known are " + ShipmentCheck.FIELDS);
      } else if (text.length() > ShipmentCheck.MAX_FIELD) {
        check.file(1, name, "is longer than " + ShipmentCheck.MAX_FIELD + " characters");
      } else {
        known.put(name, text);
      }
    });
    check.meter(1, known);
    return check.result();
  }

  private static boolean looksLikeXml(BufferedInputStream in) throws IOException {
    in.mark(LOOK);
    byte[] head = in.readNBytes(LOOK);
    in.reset();
    for (byte b : head) {
      boolean mark = b == (byte) 0xEF || b == (byte) 0xBB || b == (byte) 0xBF; // UTF-8's mark
      if (b == '<') {
        return true;
      }
      if (!mark && b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return false;
      }
    }
    return false;
  }
}
