package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * Command desk (class 18263, version 0, manufacturer-specific as the Blue Book's class ids 8192 to
 * 32767 and the value group C 128 to 199 are): takes signed and sealed commands, and answers with
 * receipts that the meter signs. What such bytes mean is not DLMS's business.
 *
 * <pre>
 * 1 logical_name   octet-string         0.0.128.71.87.255
 * 2 counter_seen   long64               the greatest counter of a dispatch; -1 for none
 * 3 operators      array octet-string   ids of the keys whose orders it obeys, 8 bytes each
 * 4 control_state  enum                 as attribute 3 of Disconnect control
 * 5 trust_version  long64               of the list by which it obeys; 0 before the first, -1 where
 *                                       it takes none
 *
 * 1 take (octet-string) : octet-string   a dispatch; its receipt. Refused (read-write-denied)
 *                                        where it is not genuine: nothing was done then
 * 2 trust (octet-string)                 a list of whom it obeys, under the signature of the root
 *                                        that is in it from its making. Refused where it is not,
 *                                        or not newer
 * </pre>
 *
 * Nothing of it is written: whom it obeys is said where the meter is made and serviced, or by the
 * root, not by who sends it commands. Thread-safe as what stands behind it is.
 */
public final class CommandDesk extends InterfaceObject {
  /** The class id. */
  public static final int CLASS_ID = 18_263;

  /** The only one of a meter. */
  public static final ObisCode NAME = ObisCode.parse("0.0.128.71.87.255");

  /**
   * What the same meter signs of a day, and pushes once the day is over (Data, octet-string): a
   * COSE_Sign1 message.
   */
  public static final ObisCode SIGNED_DAY = ObisCode.parse("0.0.128.71.68.255");

  /** The method that takes a dispatch. */
  public static final int TAKE = 1;

  /** The method that takes a trust list. */
  public static final int TRUST = 2;

  /** The attribute that says which it has. */
  public static final int TRUST_VERSION = 5;

  private static final InterfaceClass<CommandDesk> CLASS =
      new InterfaceClass<CommandDesk>(CLASS_ID, 0, 5, 2)
          .attribute(2, d -> new DlmsData.Long64(d.desk.counterSeen()))
          .attribute(
              3,
              d ->
                  DlmsData.Array.of(
                      d.desk.operators().stream().map(DlmsData.OctetString::of).toList()))
          .attribute(4, d -> new DlmsData.Enumerated(d.desk.state().code()))
          .attribute(TRUST_VERSION, d -> new DlmsData.Long64(d.desk.trustVersion()))
          .method(
              TRUST,
              (d, parameters) -> {
                if (!(parameters.orElse(null) instanceof DlmsData.OctetString list)) {
                  throw new Refusal(AccessResult.TYPE_UNMATCHED);
                }
                return result(
                    d.desk.trust(list.bytes())
                        ? AccessResult.SUCCESS
                        : AccessResult.READ_WRITE_DENIED);
              })
          .method(
              TAKE,
              (d, parameters) -> {
                if (!(parameters.orElse(null) instanceof DlmsData.OctetString dispatch)) {
                  throw new Refusal(AccessResult.TYPE_UNMATCHED);
                }
                byte[] receipt =
                    d.desk
                        .take(dispatch.bytes())
                        .orElseThrow(() -> new Refusal(AccessResult.READ_WRITE_DENIED));
                return returning(DlmsData.OctetString.of(receipt));
              });

  /** What stands behind it. */
  public interface Desk {
    /**
     * Takes a dispatch.
     *
     * @return the receipt; empty where it is not genuine, and nothing was done
     */
    Optional<byte[]> take(byte[] dispatch);

    /** The greatest counter that was seen; -1 for none. */
    long counterSeen();

    /** The ids of the keys whose orders it obeys. */
    List<byte[]> operators();

    /** The version of the list by which it obeys; 0 before the first, -1 where it takes none. */
    default long trustVersion() {
      return -1;
    }

    /**
     * Takes a list of whom it obeys.
     *
     * @return false where its root did not sign it, or it is not newer: nothing changed
     */
    default boolean trust(byte[] list) {
      return false;
    }

    /** Where the breaker stands. */
    DisconnectControl.State state();
  }

  private final Desk desk;

  public CommandDesk(Desk desk) {
    super(CLASS, NAME);
    this.desk = desk;
  }
}
