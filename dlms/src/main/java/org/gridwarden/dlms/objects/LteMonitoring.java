package org.gridwarden.dlms.objects;

import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * LTE monitoring (class 151, versions 0 and 1, IEC 62056-6-2 clause 4.7.9): the timers and the
 * reception of an LTE modem. Version 0 has one structure for all, version 1 two of them, with what
 * NB-IoT and LTE-M need. Thread-safe where the supplier is, which is asked anew for each attribute.
 */
public final class LteMonitoring extends InterfaceObject {
  /**
   * What the network set (3GPP TS 24.301, 24.008 and 36.331).
   *
   * @param t3402 attach back-off timer, in s; 0 to 65,535
   * @param t3412 periodic tracking area update timer, in s; 0 to 65,535
   * @param t3412Extended its extended value, in s; 0 to 2^32 - 1
   * @param t3324 active timer of the power saving mode, in 2 s; 0 to 65,535
   * @param extendedCycle eDRX cycle, in 10 ms; 0 to 2^32 - 1
   * @param pagingWindow in s; 0 to 65,535
   * @param leastReception minimum required level qRxLevMin, in 2 dBm, -128 to 127
   * @param leastReceptionCe the same in coverage enhancement mode A
   * @param leastReceptionCe1 the same in mode B
   */
  public record Network(
      int t3402,
      int t3412,
      long t3412Extended,
      int t3324,
      long extendedCycle,
      int pagingWindow,
      int leastReception,
      int leastReceptionCe,
      int leastReceptionCe1) {}

  /**
   * How it receives (3GPP TS 36.133).
   *
   * @param quality RSRQ, 0 to 34 from -19.5 dB in steps of 0.5 dB
   * @param power RSRP, 0 to 97 from -140 dBm in steps of 1 dB
   * @param signalToNoise in dB, -128 to 127
   * @param coverageEnhancement 0 mode A, 1 mode B
   */
  public record Reception(int quality, int power, int signalToNoise, int coverageEnhancement) {}

  /** What the modem says. */
  public record State(Network network, Reception reception) {}

  private LteMonitoring(ObisCode logicalName, int version, int attributes) {
    super(151, version, logicalName, attributes, 0);
  }

  /** Of version 0. */
  public static LteMonitoring version0(ObisCode logicalName, Supplier<State> modem) {
    LteMonitoring object = new LteMonitoring(logicalName, 0, 2);
    object.attribute(2, () -> all(modem.get()));
    return object;
  }

  /** Of version 1. */
  public static LteMonitoring version1(ObisCode logicalName, Supplier<State> modem) {
    LteMonitoring object = new LteMonitoring(logicalName, 1, 3);
    object.attribute(2, () -> network(modem.get().network()));
    object.attribute(3, () -> reception(modem.get().reception()));
    return object;
  }

  private static DlmsData all(State state) {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(state.network().t3402()),
        new DlmsData.LongUnsigned(state.network().t3412()),
        new DlmsData.Unsigned8(state.reception().quality()),
        new DlmsData.Unsigned8(state.reception().power()),
        new DlmsData.Integer8(state.network().leastReception()));
  }

  private static DlmsData network(Network n) {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(n.t3402()),
        new DlmsData.LongUnsigned(n.t3412()),
        new DlmsData.DoubleLongUnsigned(n.t3412Extended()),
        new DlmsData.LongUnsigned(n.t3324()),
        new DlmsData.DoubleLongUnsigned(n.extendedCycle()),
        new DlmsData.LongUnsigned(n.pagingWindow()),
        new DlmsData.Integer8(n.leastReception()),
        new DlmsData.Integer8(n.leastReceptionCe()),
        new DlmsData.Integer8(n.leastReceptionCe1()));
  }

  private static DlmsData reception(Reception r) {
    return DlmsData.Structure.of(
        new DlmsData.Integer8(r.quality()),
        new DlmsData.Integer8(r.power()),
        new DlmsData.Integer8(r.signalToNoise()),
        new DlmsData.Enumerated(r.coverageEnhancement()));
  }
}
