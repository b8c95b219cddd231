package org.gridwarden.dlms.objects;

/** Windows of time in which a modem calls or answers: start and end, with wildcards. */
final class CallWindows {
  private CallWindows() {}

  /** Array of start_time and end_time, octet strings formatted as date-time. */
  static AttributeType type() {
    return AttributeType.array(
        AttributeType.structure(AttributeType.dateTimeOctets(), AttributeType.dateTimeOctets()),
        16);
  }
}
