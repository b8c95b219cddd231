package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.function.Predicate;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * Auto connect (class 29, version 2, IEC 62056-6-2 clause 4.7.6): when a meter calls, and whom.
 * Thread-safe: each attribute is one volatile value.
 */
public final class AutoConnect extends InterfaceObject {
  private final TypedAttribute destinations;
  private final Predicate<List<byte[]>> dial;

  /**
   * @param dial starts a connection to one of the destinations, each a number or an address; false
   *     where that cannot be now. It does not block.
   */
  public AutoConnect(ObisCode logicalName, Predicate<List<byte[]>> dial) {
    super(29, 2, logicalName, 6, 1);
    this.dial = dial;
    // 0 never, 1 at any time, 2 in its windows, 3 regularly in the windows and alarms at any time,
    // 4 to 6 by SMS or mail; 101 always on, 102 to 104 on by window or request; from 200 the
    // maker's
    stored(
        2,
        AttributeType.enumerated(n -> n <= 6 || (n >= 101 && n <= 104) || n >= 200),
        new DlmsData.Enumerated(0));
    stored(3, AttributeType.unsigned(), new DlmsData.Unsigned8(0)); // repetitions
    stored(4, AttributeType.longUnsigned(), new DlmsData.LongUnsigned(0)); // delay, in s
    stored(5, CallWindows.type(), DlmsData.Array.of());
    this.destinations =
        stored(6, AttributeType.array(AttributeType.octets(1, 128), 16), DlmsData.Array.of());
    method(1, this::connect);
  }

  /** 1, connect. */
  private AccessResult connect() {
    List<byte[]> to =
        destinations.elements().stream().map(d -> ((DlmsData.OctetString) d).bytes()).toList();
    return to.isEmpty()
        ? AccessResult.OBJECT_UNAVAILABLE
        : dial.test(to) ? AccessResult.SUCCESS : AccessResult.TEMPORARY_FAILURE;
  }
}
