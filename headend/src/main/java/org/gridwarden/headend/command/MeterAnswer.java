package org.gridwarden.headend.command;

import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Signing;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.thirdparty.GeneralSigned;
import org.gridwarden.security.thirdparty.SignedAnswer;
import org.gridwarden.store.StoredCommand;

/**
 * What a meter said of a command under its own key: a receipt in COSE_Sign1, or a DLMS answer in
 * general-signing. Immutable.
 *
 * @param form in which it is signed
 * @param at by the meter's clock
 */
public record MeterAnswer(CommandState outcome, Instant at, String detail, Signing form) {
  /**
   * Reads evidence.
   *
   * @param key the meter's
   * @return empty where it is not genuine, or of another command
   */
  public static Optional<MeterAnswer> of(
      StoredCommand command, byte[] evidence, Meter meter, PublicKey key) {
    byte[] signed = command.signed().orElse(new byte[0]);
    try {
      if (GeneralSigned.is(signed)) {
        SignedAnswer said =
            SignedAnswer.open(
                evidence,
                key,
                meter.systemTitle(),
                GeneralSigned.parse(signed).operator(),
                command.id());
        return Optional.of(new MeterAnswer(said.outcome(), said.at(), said.detail(), Signing.DLMS));
      }
      MeterReceipt said = MeterReceipt.parse(Signed.parse(evidence).open(Purpose.RECEIPT, key));
      return said.id().equals(command.id()) && said.meter().equals(command.meter())
          ? Optional.of(new MeterAnswer(said.outcome(), said.at(), said.detail(), Signing.COSE))
          : Optional.empty();
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether it bears out an outcome. A DLMS answer says that the request was done; that the breaker
   * waits for the consumer's hand since is read from the meter.
   */
  public boolean bearsOut(CommandState state) {
    return outcome == state
        || form == Signing.DLMS && outcome == CommandState.CONFIRMED && state == CommandState.READY;
  }
}
