package org.gridwarden.dlms.meter;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/**
 * A meter's side of one client's association: answers APDUs whatever state they come in. One thread
 * at a time.
 */
public final class MeterAssociation {
  /** The current association (class 15), which every client sees as its own. */
  static final ObisCode CURRENT = ObisCode.parse("0.0.40.0.0.255");

  private static final int CLASS = 15;
  private static final int VERSION = 1;
  private static final int REPLY_TO_HLS = 1;
  private static final int CHALLENGE = 16;
  private static final int MAX_PDU = 2048;
  private static final int SMALLEST_PDU = 64;
  private static final int LONGEST_VALUE = 64 << 10;
  // header of a block and of its protection
  private static final int OVERHEAD = 48;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Conformance OFFERED =
      Conformance.of(
          Conformance.Service.BLOCK_TRANSFER_WITH_GET,
          Conformance.Service.BLOCK_TRANSFER_WITH_SET,
          Conformance.Service.MULTIPLE_REFERENCES,
          Conformance.Service.GET,
          Conformance.Service.SET,
          Conformance.Service.SELECTIVE_ACCESS,
          Conformance.Service.ACTION);

  private enum State {
    NONE,
    PROVING,
    OPEN
  }

  private final LogicalDevice device;
  private final Optional<ClientAccess> access;
  private State state = State.NONE;
  private Optional<AssociationCipher> cipher = Optional.empty();
  private byte[] ours = {};
  private byte[] theirs = {};
  private int clientMax = SMALLEST_PDU;
  private Optional<Outgoing> outgoing = Optional.empty();
  private Optional<Incoming> incoming = Optional.empty();

  /** A long value on its way out. */
  private static final class Outgoing {
    private final byte[] bytes;
    private int at;
    private long number;

    Outgoing(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /** A long value on its way in. */
  private static final class Incoming {
    private final Service.Selected what;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long number;

    Incoming(Service.Selected what) {
      this.what = what;
    }
  }

  /**
   * @param client the client's number, as the link says
   */
  public MeterAssociation(LogicalDevice device, int client) {
    this.device = device;
    this.access = device.client(client);
  }

  /** Whether a client has proven itself. */
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /**
   * What is sent back for an APDU that came, in order: none for an unconfirmed service, several for
   * blocks that stream.
   */
  public List<byte[]> answer(byte[] bytes) {
    return List.of(one(bytes));
  }

  private byte[] one(byte[] bytes) {
    Apdu apdu;
    try {
      apdu = Apdus.decode(bytes);
    } catch (DlmsException e) {
      return refusal(Service.ExceptionResponse.OTHER_REASON);
    }
    try {
      return switch (apdu) {
        case Acse.Aarq aarq -> Apdus.encode(associate(aarq));
        case Acse.Rlrq _ -> {
          release();
          yield Apdus.encode(new Acse.Rlre(0, DlmsData.OctetString.of()));
        }
        case Apdu.Ciphered ciphered when cipher.isPresent() ->
            cipher.get().protect(serve(cipher.get().open(ciphered)));
        case Service service when cipher.isEmpty() -> Apdus.encode(serve(service));
        default -> refusal(1);
      };
    } catch (DlmsException e) {
      return refusal(
          e.kind() == DlmsException.Kind.UNAUTHENTICATED
              ? Service.ExceptionResponse.DECIPHERING_ERROR
              : Service.ExceptionResponse.OTHER_REASON);
    }
  }

  private static byte[] refusal(int service) {
    return Apdus.encode(exception(service));
  }

  private static Service exception(int service) {
    return new Service.ExceptionResponse(1, service, OptionalLong.empty());
  }

  private void release() {
    state = State.NONE;
    cipher = Optional.empty();
    outgoing = Optional.empty();
    incoming = Optional.empty();
  }

  // --- opening

  private Acse.Aare associate(Acse.Aarq aarq) throws DlmsException {
    release();
    if (access.isEmpty()) {
      return refused(aarq, Acse.Aare.NO_REASON);
    }
    ClientAccess allowed = access.get();
    if (!aarq.context().logicalName()
        || aarq.context().ciphered() != (allowed.mechanism() == Acse.Mechanism.HLS_GMAC)) {
      return refused(aarq, Acse.Aare.CONTEXT_NOT_SUPPORTED);
    }
    if (aarq.mechanism() != allowed.mechanism()) {
      return refused(
          aarq,
          aarq.mechanism() == Acse.Mechanism.NONE
              ? Acse.Aare.AUTHENTICATION_REQUIRED
              : Acse.Aare.MECHANISM_NOT_RECOGNISED);
    }
    byte[] shown = aarq.authentication().bytes();
    if (allowed.mechanism() == Acse.Mechanism.LLS
        && !MessageDigest.isEqual(shown, allowed.password())) {
      return refused(aarq, Acse.Aare.AUTHENTICATION_FAILED);
    }
    Optional<AssociationCipher> own = allowed.cipher();
    Apdu user = Apdus.decode(aarq.userInformation().bytes());
    if (own.isPresent()) {
      if (shown.length < 8 || shown.length > 64 || aarq.callingTitle().length() != 8) {
        return refused(aarq, Acse.Aare.AUTHENTICATION_FAILED);
      }
      own.get().peerTitle(aarq.callingTitle().bytes());
      try {
        user = user instanceof Apdu.Ciphered ciphered ? own.get().open(ciphered) : user;
      } catch (DlmsException e) {
        return refused(aarq, Acse.Aare.AUTHENTICATION_FAILED);
      }
    }
    if (!(user instanceof Initiate.Request initiate)) {
      return refused(aarq, Acse.Aare.NO_REASON);
    }
    if (initiate.version() < Initiate.VERSION) {
      return error(aarq, new Initiate.ServiceError(1, 6, 1));
    }
    if (initiate.maxPdu() != 0 && initiate.maxPdu() < SMALLEST_PDU) {
      return error(aarq, new Initiate.ServiceError(1, 6, 3));
    }
    clientMax = initiate.maxPdu() == 0 ? MAX_PDU : Math.min(MAX_PDU, initiate.maxPdu());
    cipher = own;
    Initiate.Response response =
        new Initiate.Response(
            -1,
            Initiate.VERSION,
            OFFERED.and(initiate.conformance()),
            MAX_PDU,
            Initiate.Response.LOGICAL_NAMES);
    boolean high = allowed.mechanism().high();
    state = high ? State.PROVING : State.OPEN;
    theirs = shown;
    ours = new byte[high ? CHALLENGE : 0];
    RANDOM.nextBytes(ours);
    return new Acse.Aare(
        aarq.context(),
        Acse.Aare.ACCEPTED,
        true,
        high ? Acse.Aare.AUTHENTICATION_REQUIRED : 0,
        high ? DlmsData.OctetString.of(device.systemTitle()) : DlmsData.OctetString.of(),
        high ? aarq.mechanism() : Acse.Mechanism.NONE,
        DlmsData.OctetString.of(ours),
        DlmsData.OctetString.of(
            cipher.isPresent() ? cipher.get().protect(response) : Apdus.encode(response)));
  }

  private static Acse.Aare refused(Acse.Aarq aarq, int diagnostic) {
    return rejection(aarq, diagnostic, DlmsData.OctetString.of());
  }

  private static Acse.Aare error(Acse.Aarq aarq, Initiate.ServiceError why) {
    return rejection(aarq, Acse.Aare.NO_REASON, DlmsData.OctetString.of(Apdus.encode(why)));
  }

  private static Acse.Aare rejection(
      Acse.Aarq aarq, int diagnostic, DlmsData.OctetString userInformation) {
    return new Acse.Aare(
        aarq.context(),
        Acse.Aare.REJECTED,
        true,
        diagnostic,
        DlmsData.OctetString.of(),
        Acse.Mechanism.NONE,
        DlmsData.OctetString.of(),
        userInformation);
  }

  // --- services

  private Apdu serve(Apdu question) throws DlmsException {
    if (state == State.PROVING) {
      return question instanceof Service.ActionNormal action
              && action.method().equals(new MethodRef(CLASS, CURRENT, REPLY_TO_HLS))
          ? prove(action)
          : exception(1);
    }
    if (state != State.OPEN) {
      return exception(1);
    }
    return switch (question) {
      case Service.GetNormal get -> {
        Outcome outcome = read(get.what());
        yield outcome instanceof Outcome.Value(DlmsData data)
            ? whole(new Service.GotNormal(get.invoke(), outcome), Axdr.encode(data), get.invoke())
            : new Service.GotNormal(get.invoke(), outcome);
      }
      case Service.GetList get -> {
        List<Outcome> outcomes = new ArrayList<>();
        get.what().forEach(what -> outcomes.add(read(what)));
        Service.GotList got = new Service.GotList(get.invoke(), outcomes);
        byte[] encoded = Apdus.encode(got);
        yield whole(got, Arrays.copyOfRange(encoded, 3, encoded.length), get.invoke());
      }
      case Service.GetNext next -> next(next);
      case Service.SetNormal set ->
          new Service.SetDone(set.invoke(), write(set.what(), set.value()));
      case Service.SetList set -> {
        List<AccessResult> results = new ArrayList<>();
        for (int i = 0; i < Math.min(set.what().size(), set.values().size()); i++) {
          results.add(write(set.what().get(i), set.values().get(i)));
        }
        yield new Service.SetListDone(set.invoke(), results);
      }
      case Service.SetFirstBlock first -> {
        incoming = Optional.of(new Incoming(first.what()));
        yield taken(first.invoke(), first.block());
      }
      case Service.SetBlock more -> taken(more.invoke(), more.block());
      case Service.ActionNormal action ->
          new Service.ActedNormal(action.invoke(), invoke(action.method(), action.parameters()));
      case Service.ActionList list -> {
        List<Service.Invoked> outcomes = new ArrayList<>();
        for (int i = 0; i < Math.min(list.methods().size(), list.parameters().size()); i++) {
          outcomes.add(invoke(list.methods().get(i), Optional.of(list.parameters().get(i))));
        }
        yield new Service.ActedList(list.invoke(), outcomes);
      }
      default ->
          new Service.ExceptionResponse(2, 2, OptionalLong.empty()); // unknown, not supported
    };
  }

  private Apdu prove(Service.ActionNormal action) throws DlmsException {
    AssociationCipher own = cipher.orElseThrow();
    try {
      if (!(action.parameters().orElse(null) instanceof DlmsData.OctetString proof)) {
        throw new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, "no proof");
      }
      own.checkGmac(proof.bytes(), ours);
    } catch (DlmsException e) {
      release();
      cipher = Optional.of(own); // the refusal itself still goes out as was agreed
      return new Service.ActedNormal(
          action.invoke(), new Service.Invoked(AccessResult.READ_WRITE_DENIED, Optional.empty()));
    }
    state = State.OPEN;
    return new Service.ActedNormal(
        action.invoke(),
        new Service.Invoked(
            AccessResult.SUCCESS,
            Optional.of(new Outcome.Value(DlmsData.OctetString.of(own.gmac(theirs))))));
  }

  /** The answer at once, or its first block where the client does not take so much. */
  private Apdu whole(Service answer, byte[] raw, int invoke) {
    outgoing = Optional.empty();
    if (raw.length + OVERHEAD <= clientMax) {
      return answer;
    }
    Outgoing value = new Outgoing(raw);
    outgoing = Optional.of(value);
    return block(value, invoke);
  }

  private Apdu block(Outgoing value, int invoke) {
    int length = Math.min(clientMax - OVERHEAD, value.bytes.length - value.at);
    int from = value.at;
    value.at += length;
    value.number++;
    boolean last = value.at == value.bytes.length;
    if (last) {
      outgoing = Optional.empty();
    }
    return new Service.GotBlock(
        invoke,
        new Service.Block(
            last,
            value.number,
            DlmsData.OctetString.of(Arrays.copyOfRange(value.bytes, from, from + length))),
        Optional.empty());
  }

  private Apdu next(Service.GetNext next) {
    if (outgoing.isPresent() && outgoing.get().number == next.block()) {
      return block(outgoing.get(), next.invoke());
    }
    AccessResult why =
        outgoing.isPresent()
            ? AccessResult.DATA_BLOCK_NUMBER_INVALID
            : AccessResult.NO_LONG_GET_IN_PROGRESS;
    outgoing = Optional.empty();
    return new Service.GotBlock(
        next.invoke(),
        new Service.Block(true, next.block(), DlmsData.OctetString.of()),
        Optional.of(why));
  }

  private Apdu taken(int invoke, Service.Block block) {
    if (incoming.isEmpty()) {
      return new Service.SetLastBlockTaken(
          invoke, AccessResult.NO_LONG_SET_IN_PROGRESS, block.number());
    }
    Incoming value = incoming.get();
    AccessResult wrong =
        block.number() != value.number + 1
            ? AccessResult.DATA_BLOCK_NUMBER_INVALID
            : value.bytes.size() + block.raw().length() > LONGEST_VALUE
                ? AccessResult.LONG_SET_ABORTED
                : AccessResult.SUCCESS;
    if (wrong.isSuccess()) {
      value.bytes.writeBytes(block.raw().bytes());
      value.number = block.number();
      if (!block.last()) {
        return new Service.SetBlockTaken(invoke, block.number());
      }
      try {
        wrong = write(value.what, Axdr.decode(value.bytes.toByteArray()));
      } catch (DlmsException e) {
        wrong = AccessResult.TYPE_UNMATCHED;
      }
    }
    incoming = Optional.empty();
    return new Service.SetLastBlockTaken(invoke, wrong, block.number());
  }

  private Rights rights() {
    return access.orElseThrow().rights();
  }

  private Outcome read(Service.Selected what) {
    AttributeRef ref = what.attribute();
    if (ref.instance().equals(CURRENT)) {
      return ref.classId() == CLASS
          ? current(ref.attribute())
          : new Outcome.Refused(AccessResult.OBJECT_CLASS_INCONSISTENT);
    }
    Optional<CosemObject> found = device.object(ref.instance());
    if (found.isEmpty()) {
      return new Outcome.Refused(AccessResult.OBJECT_UNDEFINED);
    }
    CosemObject object = found.get();
    if (object.identity().classId() != ref.classId()) {
      return new Outcome.Refused(AccessResult.OBJECT_CLASS_INCONSISTENT);
    }
    if (ref.attribute() < 1 || ref.attribute() > object.identity().attributes()) {
      return CosemObject.none();
    }
    if (!rights().reads(object, ref.attribute())) {
      return new Outcome.Refused(AccessResult.READ_WRITE_DENIED);
    }
    if (ref.attribute() == AttributeRef.LOGICAL_NAME) {
      return new Outcome.Value(DlmsData.OctetString.of(object.identity().logicalName()));
    }
    return object.get(ref.attribute(), what.selection());
  }

  private AccessResult write(Service.Selected what, DlmsData value) {
    AttributeRef ref = what.attribute();
    Optional<CosemObject> found = device.object(ref.instance());
    if (found.isEmpty()) {
      return AccessResult.OBJECT_UNDEFINED;
    }
    CosemObject object = found.get();
    if (object.identity().classId() != ref.classId()) {
      return AccessResult.OBJECT_CLASS_INCONSISTENT;
    }
    if (ref.attribute() < 1 || ref.attribute() > object.identity().attributes()) {
      return AccessResult.OBJECT_UNDEFINED;
    }
    return rights().writes(object, ref.attribute())
        ? object.set(ref.attribute(), value)
        : AccessResult.READ_WRITE_DENIED;
  }

  private Service.Invoked invoke(MethodRef ref, Optional<DlmsData> parameters) {
    Optional<CosemObject> found = device.object(ref.instance());
    AccessResult wrong =
        found.isEmpty()
            ? AccessResult.OBJECT_UNDEFINED
            : found.get().identity().classId() != ref.classId()
                ? AccessResult.OBJECT_CLASS_INCONSISTENT
                : ref.method() < 1 || ref.method() > found.get().identity().methods()
                    ? AccessResult.OBJECT_UNDEFINED
                    : rights().invokes(found.get(), ref.method())
                        ? AccessResult.SUCCESS
                        : AccessResult.READ_WRITE_DENIED;
    return wrong.isSuccess()
        ? found.get().invoke(ref.method(), parameters)
        : new Service.Invoked(wrong, Optional.empty());
  }

  /** Attributes of the current association: its name and the objects that it shows. */
  private Outcome current(int attribute) {
    return switch (attribute) {
      case 1 -> new Outcome.Value(DlmsData.OctetString.of(CURRENT));
      case 2 -> {
        List<DlmsData> list = new ArrayList<>();
        list.add(element(CLASS, VERSION, CURRENT, List.of(right(1, 1), right(2, 1)), List.of()));
        for (CosemObject o : device.objects()) {
          CosemObject.Identity id = o.identity();
          List<DlmsData> attributes = new ArrayList<>();
          for (int a = 1; a <= id.attributes(); a++) {
            attributes.add(
                right(a, (rights().reads(o, a) ? 1 : 0) + (rights().writes(o, a) ? 2 : 0)));
          }
          List<DlmsData> methods = new ArrayList<>();
          for (int m = 1; m <= id.methods(); m++) {
            methods.add(
                DlmsData.Structure.of(
                    new DlmsData.Integer8(m),
                    new DlmsData.Enumerated(rights().invokes(o, m) ? 1 : 0)));
          }
          list.add(element(id.classId(), id.version(), id.logicalName(), attributes, methods));
        }
        yield new Outcome.Value(DlmsData.Array.of(list));
      }
      case 8 -> new Outcome.Value(new DlmsData.Enumerated(2)); // associated
      default -> new Outcome.Refused(AccessResult.READ_WRITE_DENIED);
    };
  }

  /** attribute id, access mode, no selectors. */
  private static DlmsData right(int attribute, int mode) {
    return DlmsData.Structure.of(
        new DlmsData.Integer8(attribute), new DlmsData.Enumerated(mode), new DlmsData.NullData());
  }

  private static DlmsData element(
      int classId, int version, ObisCode name, List<DlmsData> attributes, List<DlmsData> methods) {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(classId),
        new DlmsData.Unsigned8(version),
        DlmsData.OctetString.of(name),
        DlmsData.Structure.of(DlmsData.Array.of(attributes), DlmsData.Array.of(methods)));
  }
}
