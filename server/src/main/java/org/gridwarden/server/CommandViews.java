package org.gridwarden.server;

import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.Signing;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.MeterAnswer;
import org.gridwarden.security.command.ActionCodec;
import org.gridwarden.security.command.ActionFields;
import org.gridwarden.security.command.ActionWords;
import org.gridwarden.security.command.CommandException;
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
   * @param order what a second person approves, and what its operator signs or, in DLMS, signs the
   *     request of; base64
   * @param signing in which form its meter has the operator's signature checked: cose or dlms
   * @param systemTitle to which a DLMS request is addressed, in hexadecimal digits; empty for cose
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
      String order,
      String signing,
      String systemTitle) {}

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

  static CommandView of(StoredCommand command, MeterDirectory meters) {
    Form form = form(command, meters);
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
        order(command),
        form.signing(),
        form.systemTitle());
  }

  /**
   * How a command is signed.
   *
   * @param signing cose or dlms
   * @param systemTitle the meter's, in hexadecimal digits; empty for cose
   */
  record Form(String signing, String systemTitle) {
    boolean isDlms() {
      return !systemTitle.isEmpty();
    }
  }

  static Form form(StoredCommand command, MeterDirectory meters) {
    Optional<Meter> meter = meters.byId(command.meter());
    boolean dlms = meter.map(Meter::signing).orElse(Signing.COSE) == Signing.DLMS;
    return new Form(
        dlms ? "dlms" : "cose",
        dlms ? HexFormat.of().withUpperCase().formatHex(meter.orElseThrow().systemTitle()) : "");
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
      StoredCommand command,
      List<CommandBook.Step> steps,
      Optional<Meter> meter,
      Optional<PublicKey> meterKey) {
    if (command.receipt().isEmpty()) {
      return null;
    }
    byte[] bytes = command.receipt().get();
    String evidence = Base64.getEncoder().encodeToString(bytes);
    Optional<MeterAnswer> said =
        meter.flatMap(known -> meterKey.flatMap(key -> MeterAnswer.of(command, bytes, known, key)));
    if (said.isPresent()) {
      MeterAnswer answer = said.get();
      boolean ready = answer.bearsOut(command.state()) && command.state() == CommandState.READY;
      return new ReceiptView(
          ready ? command.state() : answer.outcome(),
          answer.at().toString(),
          ready && answer.outcome() != command.state()
              ? answer.detail() + "; read back: ready for reconnection"
              : answer.detail(),
          true,
          evidence);
    }
    // unsigned, or the meter's key has changed since: it stands as one without a signature
    CommandBook.Step end = steps.getLast();
    return new ReceiptView(end.state(), end.at().toString(), end.note(), false, evidence);
  }
}
