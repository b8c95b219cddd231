package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * GSM diagnostic (class 47, version 2, IEC 62056-6-2 clause 4.7.8): what the modem says of its
 * network. Thread-safe where the supplier is, which is asked anew for each attribute.
 */
public final class GsmDiagnostic extends InterfaceObject {
  /** Whether the modem is registered. */
  public enum Registration {
    NOT_REGISTERED(0),
    HOME(1),
    SEARCHING(2),
    DENIED(3),
    UNKNOWN(4),
    ROAMING(5);

    private final int code;

    Registration(int code) {
      this.code = code;
    }
  }

  /** Whether a circuit-switched call is there. */
  public enum CircuitSwitched {
    INACTIVE(0),
    INCOMING_CALL(1),
    ACTIVE(2);

    private final int code;

    CircuitSwitched(int code) {
      this.code = code;
    }
  }

  /** The packet-switched service. */
  public enum PacketSwitched {
    INACTIVE(0),
    GPRS(1),
    EDGE(2),
    UMTS(3),
    HSDPA(4),
    LTE(5),
    CDMA(6),
    LTE_CAT_M1(7),
    LTE_CAT_NB1(8);

    private final int code;

    PacketSwitched(int code) {
      this.code = code;
    }
  }

  /**
   * The cell that serves.
   *
   * @param id 0 to 2^32 - 1
   * @param location area code, 0 to 65,535
   * @param signalQuality 0 to 31 from -113 dBm in steps of 2 dB; 99 unknown
   * @param bitErrors 0 to 7 as RXQUAL; 99 unknown
   * @param country mobile country code
   * @param network mobile network code
   * @param channel absolute radio frequency channel number
   */
  public record Cell(
      long id,
      int location,
      int signalQuality,
      int bitErrors,
      int country,
      int network,
      long channel) {
    DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.DoubleLongUnsigned(id),
          new DlmsData.LongUnsigned(location),
          new DlmsData.Unsigned8(signalQuality),
          new DlmsData.Unsigned8(bitErrors),
          new DlmsData.LongUnsigned(country),
          new DlmsData.LongUnsigned(network),
          new DlmsData.DoubleLongUnsigned(channel));
    }
  }

  /**
   * A cell beside it.
   *
   * @param id 0 to 2^32 - 1
   * @param signalQuality as of the cell that serves
   */
  public record Neighbour(long id, int signalQuality) {
    DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.DoubleLongUnsigned(id), new DlmsData.Unsigned8(signalQuality));
    }
  }

  /**
   * What the modem says.
   *
   * @param operator such as {@code "YourNetOp"}
   * @param captured when it said so
   */
  public record State(
      String operator,
      Registration registration,
      CircuitSwitched circuitSwitched,
      PacketSwitched packetSwitched,
      Cell cell,
      List<Neighbour> neighbours,
      CosemDateTime captured) {
    public State {
      neighbours = List.copyOf(neighbours);
    }
  }

  public GsmDiagnostic(ObisCode logicalName, Supplier<State> modem) {
    super(47, 2, logicalName, 8, 0);
    attribute(2, () -> new DlmsData.VisibleString(modem.get().operator()));
    attribute(3, () -> new DlmsData.Enumerated(modem.get().registration().code));
    attribute(4, () -> new DlmsData.Enumerated(modem.get().circuitSwitched().code));
    attribute(5, () -> new DlmsData.Enumerated(modem.get().packetSwitched().code));
    attribute(6, () -> modem.get().cell().data());
    attribute(
        7,
        () -> DlmsData.Array.of(modem.get().neighbours().stream().map(Neighbour::data).toList()));
    attribute(8, () -> new DlmsData.DateTime(modem.get().captured()));
  }
}
