package org.gridwarden.dlms;

/** COSEM data as text, for people and for programs. Thread-safe. */
public final class DataText {
  private DataText() {}

  /** {@code {"type":"double-long-unsigned","value":12}}, nested where the data are. */
  public static String json(DlmsData data) {
    return new JsonLine().data(data).toString();
  }

  /**
   * For a person: numbers scaled, printable strings and times as such, lists in brackets.
   *
   * @param scaling {@link Scaling#NONE} where nobody says
   */
  public static String text(DlmsData data, Scaling scaling) {
    if (data instanceof DlmsData.Composite list) {
      StringBuilder out = new StringBuilder("[");
      for (int i = 0; i < list.size(); i++) {
        out.append(i == 0 ? "" : ", ").append(text(list.get(i), Scaling.NONE));
      }
      return out.append(']').toString();
    }
    if (data instanceof DlmsData.OctetString name
        && name.length() == 6
        && name.at(5) == 0xFF) { // most logical names end so
      return org.gridwarden.cosem.ObisCode.of(name.bytes(), 0).toString();
    }
    String value = ValueText.of(data, scaling, CosemDateTime.DeviationSign.STANDARD);
    return scaling.known() && !value.isEmpty() ? value + " " + scaling.unit().symbol() : value;
  }

  /** An octet string for a person, with a date-time's offset by the meter's way of counting. */
  public static String text(DlmsData.OctetString octets, CosemDateTime.DeviationSign sign) {
    return ValueText.octets(octets, sign);
  }
}
