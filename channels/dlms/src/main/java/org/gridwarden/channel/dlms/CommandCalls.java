package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.channel.dlms.gate.GateClient;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.objects.CommandDesk;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.security.command.Dispatch;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.thirdparty.GeneralSigned;

/**
 * Commands within an association: to the desk of a meter that has one, under the head-end's seal,
 * and what can be read back of any meter. One thread at a time.
 */
final class CommandCalls {
  private static final int DISCONNECT_CONTROL = 70;
  private static final int CONTROL_STATE = 3;
  private static final int LIMITER = 71;
  private static final int THRESHOLD_ACTIVE = 3;
  private static final ObisCode DISCONNECTOR = ObisCode.parse("0.0.96.3.10.255");
  private static final ObisCode LIMITER_NAME = ObisCode.parse("0.0.17.0.0.255");

  private final Reader reader;
  private final Meter meter;
  private final ObisCode breaker;
  private final Association association;
  private final Optional<Reader.Dial> dial;
  private final SignedCarrier signed;

  /**
   * @param dial a second way to the meter, as another client: for the last gate, and for what is
   *     signed
   */
  CommandCalls(
      Reader reader, Reader.Known known, Association association, Optional<Reader.Dial> dial) {
    this.dial = dial;
    this.reader = reader;
    this.meter = known.meter();
    this.breaker = known.companion().disconnect().orElse(DISCONNECTOR);
    this.association = association;
    this.signed = new SignedCarrier(reader, known, association, dial, this::breaker);
  }

  private Optional<KeyAccess.KeySet> seal() {
    return reader.host().keys().keys(meter.id(), KeyAccess.Purpose.COMMAND_SEAL);
  }

  /** A meter that was shipped with a seal has a desk, and a desk knows what it did. */
  boolean hasDesk() {
    return seal().isPresent();
  }

  /**
   * Hands a command in: to the meter itself where the operator signed a DLMS request, at its desk,
   * or at the last gate where it has none.
   *
   * @param keyed whether the association stands under the meter's keys
   * @throws ChannelException FORBIDDEN where it was not taken: nothing was done
   */
  Receipt send(SignedCommand command, boolean keyed)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    if (!command.meter().equals(meter.id())) {
      throw fault(Fault.Code.CONFLICT, "the command is for meter " + command.meter());
    }
    if (GeneralSigned.is(command.signed())) {
      if (!keyed) {
        throw fault(
            Fault.Code.FORBIDDEN, "a command goes under the meter's keys only; nothing was sent");
      }
      return signed.send(command);
    }
    Optional<KeyAccess.KeySet> seal = seal();
    if (seal.isPresent() && keyed) {
      return atTheDesk(command, seal.get());
    }
    if (seal.isPresent()) {
      throw fault(
          Fault.Code.FORBIDDEN, "a command goes under the meter's keys only; nothing was sent");
    }
    return byTheGate(command);
  }

  private Receipt byTheGate(SignedCommand command)
      throws IOException, DlmsException, ChannelException {
    GateClient gate =
        reader
            .common()
            .gate()
            .orElseThrow(() ->
                fault(
                    Fault.Code.FORBIDDEN,
                    "it was shipped without a seal, so that it has no desk for commands, and no last"
                        + " gate is configured (channels.dlms.gate); nothing was sent"));
    Reader.Dial way =
        dial.orElseThrow(() ->
            fault(
                Fault.Code.FORBIDDEN,
                "the last gate serves meters that are called, and this one calls in; nothing was"
                    + " sent"));
    try (ApduLink link = way.as(gate.client())) {
      return gate.send(command, link);
    }
  }

  private Receipt atTheDesk(SignedCommand command, KeyAccess.KeySet seal)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    // one by one: whoever sends next, in whichever process, has a greater counter
    byte[] counted = KeyAccess.Purpose.COMMAND_SEAL.counterName(seal.keyId());
    long counter = reader.host().counters().reserve(meter.id(), counted, 1);
    byte[] dispatch = new Dispatch(counter, command.signed()).seal(seal.encryption());
    Service.Invoked answer =
        association.action(
            new MethodRef(CommandDesk.CLASS_ID, CommandDesk.NAME, CommandDesk.TAKE),
            Optional.of(DlmsData.OctetString.of(dispatch)));
    if (!answer.result().isSuccess()
        || !(answer.returned().orElse(null)
            instanceof Outcome.Value(DlmsData.OctetString receipt))) {
      throw fault(
          Fault.Code.FORBIDDEN,
          "it did not take the command ("
              + answer.result()
              + "): the seal, the counter or the"
              + " operator's key is none that it knows; nothing was done");
    }
    return receipt(command, receipt.bytes());
  }

  /** Whether it is genuine is for who has the meter's public key. */
  private Receipt receipt(SignedCommand command, byte[] bytes) throws ChannelException {
    return MeterReceipt.answer(command, bytes)
        .orElseThrow(() ->
            fault(
                Fault.Code.UNAUTHENTICATED, "it answered with something that is no receipt of it"));
  }

  /** The version of the trust list that it has; empty where it takes none. */
  OptionalLong trusts() throws IOException, DlmsException, AssociationRefused, ChannelException {
    Outcome outcome =
        association.get(
            new AttributeRef(CommandDesk.CLASS_ID, CommandDesk.NAME, CommandDesk.TRUST_VERSION));
    return outcome instanceof Outcome.Value(DlmsData.Whole version) && version.asLong() >= 0
        ? OptionalLong.of(version.asLong())
        : OptionalLong.empty();
  }

  /** Hands it a trust list. */
  AccessResult trust(byte[] signed) throws IOException, DlmsException, AssociationRefused {
    return association
        .action(
            new MethodRef(CommandDesk.CLASS_ID, CommandDesk.NAME, CommandDesk.TRUST),
            Optional.of(DlmsData.OctetString.of(signed)))
        .result();
  }

  // --- what can be read back

  /** As {@link org.gridwarden.core.MeterSession#look}; the clock is looked at elsewhere. */
  Optional<CommandState> look(Action action)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    return switch (action) {
      case Action.Disconnect _ ->
          breaker() == DisconnectControl.State.DISCONNECTED
              ? Optional.of(CommandState.CONFIRMED)
              : Optional.empty();
      case Action.Connect _, Action.Arm _ ->
          switch (breaker()) {
            case CONNECTED -> Optional.of(CommandState.CONFIRMED);
            case READY_FOR_RECONNECTION -> Optional.of(CommandState.READY);
            case DISCONNECTED -> Optional.empty();
          };
      case Action.LimitLoad limit ->
          number(new AttributeRef(LIMITER, LIMITER_NAME, THRESHOLD_ACTIVE)) == limit.watts()
              ? Optional.of(CommandState.CONFIRMED)
              : Optional.empty();
      case Action.Configure configure -> attribute(configure);
      default ->
          throw fault(
              Fault.Code.FORBIDDEN,
              "it cannot be read back whether '" + action.word() + "' was done");
    };
  }

  private DisconnectControl.State breaker()
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    long code = number(new AttributeRef(DISCONNECT_CONTROL, breaker, CONTROL_STATE));
    for (DisconnectControl.State state : DisconnectControl.State.values()) {
      if (state.code() == code) {
        return state;
      }
    }
    throw fault(Fault.Code.MALFORMED, "its breaker stands at " + code + ", which is no state");
  }

  private Optional<CommandState> attribute(Action.Configure configure)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    String[] parts = configure.attribute().split(":");
    AttributeRef attribute =
        new AttributeRef(
            Integer.parseInt(parts[1]), ObisCode.parse(parts[0]), Integer.parseInt(parts[2]));
    return java.util.Arrays.equals(
            org.gridwarden.dlms.Axdr.encode(value(attribute)), configure.value())
        ? Optional.of(CommandState.CONFIRMED)
        : Optional.empty();
  }

  private long number(AttributeRef attribute)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    return switch (value(attribute)) {
      case DlmsData.Whole whole -> whole.asLong();
      default -> throw fault(Fault.Code.MALFORMED, attribute + " is no number");
    };
  }

  private DlmsData value(AttributeRef attribute)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    Outcome outcome = association.get(attribute);
    if (outcome instanceof Outcome.Refused(AccessResult why)) {
      throw fault(Fault.Code.FORBIDDEN, attribute + " cannot be read: " + why);
    }
    return ((Outcome.Value) outcome).data();
  }

  private ChannelException fault(Fault.Code code, String remedy) {
    return Reader.fault(code, meter.id(), remedy);
  }
}
