package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * Auto answer (class 28, version 2, IEC 62056-6-2 clause 4.7.5): when a modem takes calls, and
 * whose. Thread-safe: each attribute is one volatile value.
 */
public final class AutoAnswer extends InterfaceObject {
  /** Whether the modem answers now, as the modem says. */
  public enum Status {
    INACTIVE(0),
    ACTIVE(1),
    LOCKED(2);

    private final int code;

    Status(int code) {
      this.code = code;
    }
  }

  private final TypedAttribute status;

  /** On a line of its own (mode 0), without windows or limits. */
  public AutoAnswer(ObisCode logicalName) {
    super(28, 2, logicalName, 7, 0);
    // 0 a line of its own, 1 shared with a limit of calls, 2 shared without; from 200 on the
    // maker's
    stored(2, AttributeType.enumerated(n -> n <= 2 || n >= 200), new DlmsData.Enumerated(0));
    stored(3, CallWindows.type(), DlmsData.Array.of());
    this.status = new TypedAttribute(AttributeType.enumerated(2), new DlmsData.Enumerated(0));
    attribute(4, status::value);
    stored(5, AttributeType.unsigned(), new DlmsData.Unsigned8(0)); // number_of_calls
    stored(
        6,
        // rings before it answers, in and outside of the windows; 0: it does not
        AttributeType.structure(AttributeType.unsigned(), AttributeType.unsigned()),
        DlmsData.Structure.of(new DlmsData.Unsigned8(1), new DlmsData.Unsigned8(1)));
    stored(
        7,
        AttributeType.array(
            // caller_id, call_type: 0 a call, 1 a request to wake up
            AttributeType.structure(AttributeType.octets(0, 32), AttributeType.enumerated(1)), 32),
        DlmsData.Array.of());
  }

  /** The modem's word. */
  public void status(Status now) {
    status.put(new DlmsData.Enumerated(now.code));
  }
}
