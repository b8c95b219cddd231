package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Token gateway (class 115, version 0, IEC 62056-6-2 clause 4.6.5): takes tokens, has them verified
 * and tops up the {@link Account} that makes it. A token tops up once: it is redeemed in the same
 * step as it is booked, and where it does not fit the account, it stays unredeemed. Thread-safe:
 * state is guarded by the account's lock.
 */
public final class TokenGateway extends InterfaceObject {
  /** How a token came, numbered as token_delivery_method. */
  public enum Delivery {
    REMOTE(0),
    LOCAL(1),
    MANUAL(2);

    private final int code;

    Delivery(int code) {
      this.code = code;
    }
  }

  /** What became of a token, numbered as token_status's status_code. */
  public enum Status {
    FORMAT_OK(0),
    AUTHENTICATION_OK(1),
    VALIDATION_OK(2),
    EXECUTED(3),
    FORMAT_FAILURE(4),
    AUTHENTICATION_FAILURE(5),
    VALIDATION_FAILURE(6),
    EXECUTION_FAILURE(7),
    RECEIVED(8);

    private final int code;

    Status(int code) {
      this.code = code;
    }
  }

  private static final int LONGEST = 256;

  private final Ledger ledger;
  private final TokenVerifier verifier;

  // guarded by the ledger's lock
  private DlmsData token = DlmsData.OctetString.of();
  private CosemDateTime at = CosemDateTime.UNSPECIFIED;
  private Delivery delivery = Delivery.REMOTE;
  private Status status = Status.FORMAT_OK;
  private long amount;

  TokenGateway(Ledger ledger, ObisCode logicalName, TokenVerifier verifier) {
    super(115, 0, logicalName, 6, 1);
    this.ledger = ledger;
    this.verifier = verifier;
    attribute(2, () -> ledger.locked(() -> token));
    attribute(3, () -> ledger.locked(() -> DlmsData.OctetString.of(at)));
    attribute(4, () -> ledger.locked(this::description));
    attribute(5, () -> ledger.locked(() -> new DlmsData.Enumerated(delivery.code)));
    attribute(
        6,
        () ->
            ledger.locked(() ->
                DlmsData.Structure.of(
                    new DlmsData.Enumerated(status.code), DlmsData.BitString.of(new byte[0], 0))));
    method(
        1,
        AttributeType.octets(1, LONGEST),
        given -> {
          Status result = enter(((DlmsData.OctetString) given).bytes(), Delivery.REMOTE);
          return result == Status.EXECUTED ? AccessResult.SUCCESS : AccessResult.OTHER_REASON;
        });
  }

  /** 4, token_description: the amount of a token that was executed, as text. */
  private DlmsData description() {
    return status == Status.EXECUTED
        ? DlmsData.Array.of(
            DlmsData.OctetString.of(
                Long.toString(amount).getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        : DlmsData.Array.of();
  }

  /** Takes a token, as from a keypad, and says what became of it. */
  public Status enter(byte[] given, Delivery by) {
    return ledger.locked(() -> {
      token = DlmsData.OctetString.of(given);
      at = ledger.dateTime();
      delivery = by;
      status = Status.RECEIVED;
      status =
          switch (verifier.verify(given.clone())) {
            case TokenVerifier.Verdict.Refused(TokenVerifier.Stage stage) ->
                switch (stage) {
                  case FORMAT -> Status.FORMAT_FAILURE;
                  case AUTHENTICATION -> Status.AUTHENTICATION_FAILURE;
                  case VALIDATION -> Status.VALIDATION_FAILURE;
                };
            case TokenVerifier.Verdict.Genuine genuine -> book(genuine);
          };
      return status;
    });
  }

  private Status book(TokenVerifier.Verdict.Genuine genuine) {
    boolean[] used = {false};
    boolean booked =
        ledger.topUp(
            genuine.amount(),
            () -> {
              boolean first = verifier.redeem(genuine.id());
              used[0] = !first;
              return first;
            });
    if (!booked) {
      return used[0] ? Status.VALIDATION_FAILURE : Status.EXECUTION_FAILURE;
    }
    amount = genuine.amount();
    return Status.EXECUTED;
  }
}
