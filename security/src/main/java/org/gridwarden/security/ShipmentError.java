package org.gridwarden.security;

/**
 * What is wrong with a line of a shipment. Never holds the content of a key field.
 *
 * @param line where the meter begins in its file, from 1; 0 where the whole file is meant
 * @param field which column or element; empty where the whole line is meant
 * @param error what is wrong and what would mend it, one sentence
 */
public record ShipmentError(int line, String field, String error) {
  @Override
  public String toString() {
    String where = line == 0 ? "the file" : "line " + line;
    return where + (field.isEmpty() ? "" : ", " + field) + ": " + error;
  }
}
