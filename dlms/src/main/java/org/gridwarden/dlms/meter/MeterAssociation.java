package org.gridwarden.dlms.meter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.BlockTransfer;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.HlsExchange;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.objects.AssociationControl;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.Protection;

/**
 * A meter's side of one client's association: answers APDUs whatever state they come in. One thread
 * at a time.
 */
public final class MeterAssociation {
  private static final MethodRef REPLY_TO_HLS = new MethodRef(15, CurrentAssociation.NAME, 1);

  /** Where the association stands (IEC 62056-5-3, clause 9.3.1). */
  private sealed interface State {
    /** There is none. */
    record Idle() implements State {}

    /** The client has yet to prove itself. */
    record Proving(Negotiated with, HlsProver prover, HlsExchange exchange) implements State {}

    /** Services are answered. */
    record Open(
        Negotiated with,
        Referencing services,
        Function<byte[], Referencing> thirdParty,
        BlockCarrier carrier)
        implements State {}
  }

  private final LogicalDevice device;
  private final int number;
  private final int client;
  private final Optional<ClientAccess> access;
  private Optional<ClientAccess> as;
  private State state = new State.Idle();

  /**
   * @param client the client's number, as the link says
   */
  public MeterAssociation(LogicalDevice device, int client) {
    this(device, 1, client);
  }

  /**
   * With a device that is not the management one.
   *
   * @param number the logical device's, as the link says
   * @param client the client's number, likewise
   */
  public MeterAssociation(LogicalDevice device, int number, int client) {
    this.device = device;
    this.number = number;
    this.client = client;
    this.access = device.client(client);
    this.as = access;
  }

  /** Whether a client has proven itself. */
  public boolean isOpen() {
    return state instanceof State.Open;
  }

  /**
   * What is sent back for an APDU that came, in order: none for an unconfirmed service, several for
   * blocks that stream.
   */
  public List<byte[]> answer(byte[] bytes) {
    Apdu apdu;
    try {
      apdu = Apdus.decode(bytes);
    } catch (DlmsException e) {
      return List.of(Apdus.encode(exception(Service.ExceptionResponse.OTHER_REASON)));
    }
    if (apdu instanceof BlockTransfer block) {
      return state instanceof State.Open open
          ? open.carrier().block(block, this::one)
          : List.of(Apdus.encode(exception(1)));
    }
    return one(apdu)
        .map(answer ->
            state instanceof State.Open open ? open.carrier().answer(answer) : List.of(answer))
        .orElse(List.of());
  }

  /**
   * An attribute's value that the client is told without asking: EventNotification or
   * InformationReport, protected as the association is.
   *
   * @return none where there is no association, the client does not take such, or may not read it
   */
  public Optional<byte[]> notification(AttributeRef attribute) throws DlmsException {
    if (!(state instanceof State.Open open)) {
      return Optional.empty();
    }
    Optional<Apdu> apdu = open.services().notification(attribute);
    return apdu.isEmpty() ? Optional.empty() : Optional.of(protect(open.with(), apdu.get()));
  }

  private static byte[] protect(Negotiated with, Apdu plain) throws DlmsException {
    return with.cipher().isPresent() ? with.cipher().get().protect(plain) : Apdus.encode(plain);
  }

  private Optional<byte[]> one(Apdu apdu) {
    Optional<Protection> cipher = cipher(); // also for a refusal that ends the association
    try {
      return switch (apdu) {
        case Acse.Aarq aarq -> Optional.of(Apdus.encode(associate(aarq)));
        case Acse.Rlrq _ -> {
          state = new State.Idle();
          yield Optional.of(Apdus.encode(new Acse.Rlre(0, DlmsData.OctetString.EMPTY)));
        }
        // in the clear only where the policy asks for nothing
        case Apdu.Ciphered _,
            Apdu.GeneralCiphering _,
            GeneralSigning _,
            Service _,
            Apdu.DataNotificationConfirm _
            when cipher.isPresent() -> {
          Optional<Apdu> answer =
              state instanceof State.Proving
                  ? serve(cipher.get().openProof(apdu))
                  : serve(cipher.get().open(apdu));
          yield answer.isEmpty()
              ? Optional.empty()
              : Optional.of(cipher.get().protect(answer.get()));
        }
        case Service _, Apdu.DataNotificationConfirm _ -> serve(apdu).map(Apdus::encode);
        default -> Optional.of(Apdus.encode(exception(1)));
      };
    } catch (DlmsException e) {
      Service refusal =
          exception(
              e.kind() == DlmsException.Kind.UNAUTHENTICATED
                  ? Service.ExceptionResponse.DECIPHERING_ERROR
                  : Service.ExceptionResponse.OTHER_REASON);
      return Optional.of(
          cipher
              .filter(Protection::refusedThirdParty)
              .flatMap(with -> authenticated(with, refusal))
              .orElseGet(() -> Apdus.encode(refusal)));
    }
  }

  /** A refusal that nobody but the meter can have made. */
  private static Optional<byte[]> authenticated(Protection cipher, Service refusal) {
    try {
      return Optional.of(cipher.protect(refusal));
    } catch (DlmsException e) {
      return Optional.empty(); // its counter is used up: in the clear, then
    }
  }

  private static Service exception(int service) {
    return new Service.ExceptionResponse(1, service, OptionalLong.empty());
  }

  private Optional<Protection> cipher() {
    return switch (state) {
      case State.Idle _ -> Optional.empty();
      case State.Proving proving -> proving.with().cipher();
      case State.Open open -> open.with().cipher();
    };
  }

  private Acse.Aare associate(Acse.Aarq aarq) throws DlmsException {
    state = new State.Idle();
    as = access;
    Opening.Result result = Opening.answer(device, access, aarq);
    Optional<ClientAccess> other =
        result instanceof Opening.Result.Rejected
            ? access.flatMap(ClientAccess::otherwise)
            : Optional.empty();
    if (other.isPresent()) {
      Opening.Result second = Opening.answer(device, other, aarq);
      if (!(second instanceof Opening.Result.Rejected)) {
        as = other;
        result = second;
      }
    }
    state =
        switch (result) {
          case Opening.Result.Rejected _ -> new State.Idle();
          case Opening.Result.Accepted accepted -> open(accepted.with());
          case Opening.Result.Proving proving ->
              new State.Proving(proving.with(), proving.prover(), proving.exchange());
        };
    return result.answer();
  }

  private State open(Negotiated with) {
    ClientAccess as = this.as.orElseThrow();
    as.opened();
    LogicalDevice.ClientView view = device.view(client, as.rights());
    Optional<ShortNameTable> names =
        with.shortNames() ? Optional.of(ShortNameTable.of(device)) : Optional.empty();
    CurrentAssociation current =
        new CurrentAssociation(device, view, agreed(as, with), as.rights(), names);
    ObjectAccess objects = new ObjectAccess(device, view.rights(), with.conformance(), current);
    Referencing services =
        names.isPresent()
            ? new ShortNameServices(names.get(), objects, with)
            : new LogicalNameServices(objects, with);
    return new State.Open(
        with,
        services,
        title -> thirdParty(as.thirdParty(title), as, view, with),
        new BlockCarrier(with));
  }

  /** Services of one request that a third party signed: nothing long can follow it. */
  private Referencing thirdParty(
      Rights rights, ClientAccess as, LogicalDevice.ClientView view, Negotiated with) {
    CurrentAssociation current =
        new CurrentAssociation(device, view, agreed(as, with), rights, Optional.empty());
    return new LogicalNameServices(
        new ObjectAccess(device, rights, with.conformance(), current), with);
  }

  private AssociationControl.Agreed agreed(ClientAccess as, Negotiated with) {
    return new AssociationControl.Agreed(
        client,
        number,
        Acse.Context.of(!with.shortNames(), as.ciphered()),
        as.mechanism(),
        with.conformance(),
        with.meterMax(),
        with.clientMax(),
        AssociationControl.Status.ASSOCIATED,
        OptionalInt.empty());
  }

  private Optional<Apdu> serve(Apdu question) throws DlmsException {
    return switch (state) {
      case State.Idle _ -> Optional.of(exception(1));
      case State.Proving proving -> {
        Optional<DlmsData> proof =
            proving.with().shortNames()
                ? ShortNameServices.proof(question)
                : question instanceof Service.ActionNormal action
                        && action.method().equals(REPLY_TO_HLS)
                    ? action.parameters()
                    : Optional.empty();
        yield Optional.of(proof.isPresent() ? prove(proving, question, proof.get()) : exception(1));
      }
      case State.Open open ->
          open.with()
              .cipher()
              .flatMap(Protection::thirdParty)
              .map(open.thirdParty())
              .orElse(open.services())
              .answer(question);
    };
  }

  private Apdu prove(State.Proving proving, Apdu question, DlmsData given) throws DlmsException {
    try {
      if (!(given instanceof DlmsData.OctetString proof)) {
        throw new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, "no proof");
      }
      proving.prover().check(proof.bytes(), proving.exchange());
    } catch (DlmsException e) {
      state = new State.Idle();
      return proven(
          question, new Service.Invoked(AccessResult.READ_WRITE_DENIED, Optional.empty()));
    }
    byte[] ours = proving.prover().prove(proving.exchange());
    state = open(proving.with());
    return proven(
        question,
        new Service.Invoked(
            AccessResult.SUCCESS, Optional.of(new Outcome.Value(DlmsData.OctetString.of(ours)))));
  }

  private static Apdu proven(Apdu question, Service.Invoked result) {
    return question instanceof Service.ActionNormal action
        ? new Service.ActedNormal(action.invoke(), result)
        : ShortNameServices.read(result);
  }
}
