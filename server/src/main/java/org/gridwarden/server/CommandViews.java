package org.gridwarden.server;

import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.security.command.ActionCodec;
import org.gridwarden.security.command.ActionFields;
import org.gridwarden.security.command.ActionWords;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.ImageProgressBook;
import org.gridwarden.store.StoredCommand;
import org.jspecify.annotations.Nullable;

/** Commands as the API shows them. */
final class CommandViews {
  private CommandViews() {}

  /**
   * A command.
   *
   * @param parameters by name
   * @param due when it may be sent
   * @param why of the state
   * @param releasedBy the second person; empty where the policy let it through
   * @param attempts how often it was taken up to be sent
   * @param words what it does to whom, in a sentence
   * @param order what its operator signs and a second person approves, base64
   */
  record CommandView(
      String id,
      String meter,
      String feeder,
      String action,
      Map<String, Object> parameters,
      String reason,
      String draftedBy,
      String drafted,
      String notBefore,
      String expires,
      String due,
      CommandState state,
      String why,
      String releasedBy,
      int attempts,
      String words,
      String order) {}

  /**
   * A step that a command took.
   *
   * @param actorKind PERSON, SYSTEM, METER or MACHINE
   */
  record StepView(String at, CommandState state, String actorKind, String actor, String note) {
    static StepView of(CommandBook.Step step) {
      return new StepView(
          step.at().toString(),
          step.state(),
          step.by().kind().name(),
          step.by().name(),
          step.note());
    }
  }

  /**
   * What a meter made of a command.
   *
   * @param at by the meter's clock where it signed, by the office's otherwise
   * @param signed whether the meter's own key signed it
   * @param evidence the meter's bytes, base64
   */
  record ReceiptView(
      CommandState outcome, String at, String detail, boolean signed, String evidence) {}

  /**
   * How far an update's image has come on its way to the meter.
   *
   * @param there how many of its blocks the meter has
   * @param begun since when it is carried
   * @param at when it had come so far
   */
  record ImageView(int there, int blocks, String begun, String at) {
    static ImageView of(ImageProgressBook.Carried carried) {
      return new ImageView(
          carried.progress().there(),
          carried.progress().blocks(),
          carried.begun().toString(),
          carried.at().toString());
    }
  }

  static CommandView of(StoredCommand command) {
    Action action = action(command);
    return new CommandView(
        command.id().value().toString(),
        command.meter().value(),
        command.feeder(),
        command.word(),
        ActionFields.of(action),
        command.reason(),
        command.draftedBy(),
        command.drafted().toString(),
        command.notBefore().toString(),
        command.expires().toString(),
        command.due().toString(),
        command.state(),
        command.why(),
        command.releasedBy(),
        command.attempts(),
        ActionWords.of(action, command.meter().value()),
        order(command));
  }

  /** The order, base64. */
  static String order(StoredCommand command) {
    return Base64.getEncoder().encodeToString(CommandOffice.order(command).bytes());
  }

  static Action action(StoredCommand command) {
    try {
      return ActionCodec.action(command.word(), command.parameters());
    } catch (CommandException e) {
      throw new IllegalStateException(
          "command " + command.id().value() + " was changed in the database", e);
    }
  }

  /** The meter's receipt, as far as its key proves it. */
  static @Nullable ReceiptView receipt(
      StoredCommand command, List<CommandBook.Step> steps, Optional<PublicKey> meterKey) {
    if (command.receipt().isEmpty()) {
      return null;
    }
    byte[] bytes = command.receipt().get();
    String evidence = Base64.getEncoder().encodeToString(bytes);
    if (meterKey.isPresent()) {
      try {
        MeterReceipt said =
            MeterReceipt.parse(Signed.parse(bytes).open(Purpose.RECEIPT, meterKey.get()));
        return new ReceiptView(said.outcome(), said.at().toString(), said.detail(), true, evidence);
      } catch (CommandException e) {
        // the meter's key has changed since: it stands as one without a signature
      }
    }
    CommandBook.Step end = steps.getLast();
    return new ReceiptView(end.state(), end.at().toString(), end.note(), false, evidence);
  }
}
