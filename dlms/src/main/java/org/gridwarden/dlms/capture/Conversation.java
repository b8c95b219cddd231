package org.gridwarden.dlms.capture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessService;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsDecoder;
import org.gridwarden.dlms.DlmsDecoder.Result.Message;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.Push;
import org.gridwarden.dlms.PushValue;
import org.gridwarden.dlms.Scaling;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.ShortNameService;

/**
 * What one client and one meter said to each other: learns system titles and dedicated keys from
 * their association, and from questions what the answers are about. Not thread-safe.
 */
final class Conversation implements AutoCloseable {
  private static final int TITLE = 8;
  private static final int MOST_LEARNED = 4096;

  /** A message as it came. */
  record Came(LinkEvent.Pdu pdu, Direction way, String time, String path, String place) {}

  private final CaptureSettings settings;
  private final boolean captured;
  private final Exchanges exchanges = new Exchanges();
  private final ShortNameExchanges shortNames = new ShortNameExchanges();
  private final Map<ObisCode, Scaling> scalings = new HashMap<>();
  private final Map<ObisCode, List<AttributeRef>> columns = new HashMap<>();
  private byte[] clientTitle;
  private byte[] meterTitle;
  private Optional<DlmsKeys> derived = Optional.empty();
  private DlmsDecoder toMeter;
  private DlmsDecoder fromMeter;

  /**
   * @param captured whether it is of a capture or a log, not of bytes alone
   */
  Conversation(CaptureSettings settings, boolean captured) {
    this.settings = settings;
    this.captured = captured;
    this.clientTitle = settings.clientTitle();
    this.meterTitle = settings.meterTitle();
    this.toMeter = decoder(clientTitle);
    this.fromMeter = decoder(meterTitle);
  }

  private DlmsDecoder decoder(byte[] title) {
    return new DlmsDecoder(
        derived.isPresent() ? derived : settings.keys(),
        title,
        settings.layouts(),
        settings.profile());
  }

  private void learned() {
    toMeter = decoder(clientTitle);
    fromMeter = decoder(meterTitle);
  }

  /** Takes the next message, and tells what it says. */
  void take(Came came, Consumer<CaptureEvent> to) {
    LinkEvent.Pdu pdu = came.pdu();
    Direction said = Direction.of(pdu.apdu()[0] & 0xFF);
    Direction way = said != Direction.UNKNOWN ? said : came.way();
    switch (decode(way, pdu)) {
      case DlmsDecoder.Result.Problem(long offset, String what) ->
          to.accept(new CaptureEvent.Problem(came.place(), what));
      case Message message -> {
        Direction inner = Direction.of(message.apdu().tag());
        Direction known = inner != Direction.UNKNOWN ? inner : way;
        try {
          to.accept(new CaptureEvent.Said(follow(message, known, came, to)));
        } catch (DlmsException e) {
          to.accept(
              new CaptureEvent.Problem(
                  came.place(), "the value of joined blocks, " + e.describe()));
        }
      }
    }
  }

  private DlmsDecoder.Result decode(Direction way, LinkEvent.Pdu pdu) {
    return (way == Direction.TO_METER ? toMeter : fromMeter).decode(pdu);
  }

  private Followed follow(Message message, Direction way, Came came, Consumer<CaptureEvent> to)
      throws DlmsException {
    List<Detail> details = new ArrayList<>(Details.of(message.apdu()));
    List<Access> accesses = List.of();
    switch (message.apdu()) {
      case Acse acse -> association(acse, way, came, details, to);
      case Service.Invocation service -> accesses = exchanges.take(service);
      case AccessService service -> accesses = exchanges.take(service);
      case ShortNameService service -> accesses = shortNames.take(service);
      default -> titleOf(message, way);
    }
    List<Access> known = accesses.stream().map(this::known).toList();
    return new Followed(
        way,
        came.time(),
        came.path(),
        valued(message, known, way),
        known,
        details,
        body(known),
        captured);
  }

  // --- what an association tells

  private void association(
      Acse acse, Direction way, Came came, List<Detail> details, Consumer<CaptureEvent> to) {
    switch (acse) {
      case Acse.Aarq aarq -> {
        exchanges.clear();
        shortNames.clear();
        forgetDedicated();
        if (aarq.callingTitle().length() == TITLE) {
          clientTitle = aarq.callingTitle().bytes();
        }
        learned();
      }
      case Acse.Aare aare -> {
        if (aare.respondingTitle().length() == TITLE) {
          meterTitle = aare.respondingTitle().bytes();
          learned();
        }
      }
      case Acse.Rlrq _, Acse.Rlre _ -> {
        // what it brings along says nothing new
      }
    }
    if (acse.userInformation().length() == 0) {
      return;
    }
    LinkEvent.Pdu user =
        new LinkEvent.Pdu(came.pdu().link(), acse.userInformation().bytes(), came.pdu().offset());
    switch (decode(way, user)) {
      case DlmsDecoder.Result.Problem(long offset, String what) ->
          to.accept(
              new CaptureEvent.Problem(
                  came.place(), "the user information of its " + acse.name() + ", " + what));
      case Message inner -> {
        if (!inner.security().isEmpty()) {
          details.add(new Detail("initiate protection", inner.security()));
          details.add(new Detail("initiate counter", Long.toString(inner.frameCounter())));
        }
        details.addAll(Details.of(inner.apdu()));
        if (inner.apdu() instanceof Initiate.Request initiate) {
          dedicated(initiate.dedicatedKey());
        }
      }
    }
  }

  private void dedicated(DlmsData.OctetString key) {
    if (key.length() == 16 || key.length() == 32) {
      forgetDedicated();
      derived =
          Optional.of(
              settings
                  .keys()
                  .orElseGet(() -> DlmsKeys.of(new byte[0], new byte[0]))
                  .withDedicated(key.bytes()));
      learned();
    }
  }

  private void forgetDedicated() {
    derived.ifPresent(DlmsKeys::close);
    derived = Optional.empty();
  }

  /** A general-glo- names its sender, which glo- services of the same side then do not. */
  private void titleOf(Message message, Direction way) {
    if (message.systemTitle().length() == 2 * TITLE && !(message.apdu() instanceof Apdu.Unknown)) {
      byte[] title = HexFormat.of().parseHex(message.systemTitle());
      if (way == Direction.FROM_METER && meterTitle.length == 0) {
        meterTitle = title;
        learned();
      } else if (way == Direction.TO_METER && clientTitle.length == 0) {
        clientTitle = title;
        learned();
      }
    }
  }

  // --- what answers tell of other answers

  /** Keeps scalers, units and columns, and adds those that are known. */
  private Access known(Access access) {
    if (!(access.target() instanceof Access.Attribute(AttributeRef ref, var selection))) {
      return access;
    }
    if (access.value().isPresent()) {
      learn(ref, access.value().get());
    }
    boolean value = ref.attribute() == 2 || ref.classId() == 5 && ref.attribute() == 3;
    return new Access(
        access.target(),
        access.value(),
        access.result(),
        value ? scalings.getOrDefault(ref.instance(), Scaling.NONE) : Scaling.NONE,
        ref.classId() == 7 && ref.attribute() == 2
            ? columns.getOrDefault(ref.instance(), List.of()).stream().map(this::column).toList()
            : List.of());
  }

  private Access.Column column(AttributeRef ref) {
    return new Access.Column(
        ref,
        ref.attribute() == 2 ? scalings.getOrDefault(ref.instance(), Scaling.NONE) : Scaling.NONE);
  }

  private void learn(AttributeRef ref, DlmsData value) {
    boolean scaler =
        (ref.classId() == 3 || ref.classId() == 4) && ref.attribute() == 3
            || ref.classId() == 5 && ref.attribute() == 4;
    if (scaler
        && scalings.size() < MOST_LEARNED
        && value instanceof DlmsData.Structure s
        && s.size() == 2
        && s.get(0) instanceof DlmsData.Integer8(int exponent)
        && s.get(1) instanceof DlmsData.Enumerated(int unit)) {
      scalings.put(ref.instance(), Scaling.of(exponent, Unit.of(unit)));
    }
    if (ref.classId() == 7
        && ref.attribute() == 3
        && columns.size() < MOST_LEARNED
        && value instanceof DlmsData.Array array) {
      List<AttributeRef> captured = new ArrayList<>();
      for (DlmsData element : array.elements()) {
        if (element instanceof DlmsData.Structure s
            && s.size() >= 3
            && s.get(0) instanceof DlmsData.LongUnsigned(int classId)
            && s.get(1) instanceof DlmsData.OctetString name
            && name.length() == 6
            && s.get(2) instanceof DlmsData.Integer8(int attribute)) {
          captured.add(new AttributeRef(classId, ObisCode.of(name.bytes(), 0), attribute));
        }
      }
      if (captured.size() == array.size()) {
        columns.put(ref.instance(), captured);
      }
    }
  }

  /** The values of an answer, as a layout reads them: the same form as a push's. */
  private Message valued(Message m, List<Access> accesses, Direction way) {
    if (accesses.isEmpty() || way == Direction.TO_METER) {
      return m;
    }
    List<PushValue> values = new ArrayList<>();
    for (Access access : accesses) {
      if (access.target() instanceof Access.Attribute(AttributeRef ref, var selection)
          && access.value().isPresent()) {
        values.addAll(read(ref, access));
      }
    }
    Push push = new Push("generic", CosemDateTime.UNSPECIFIED, -1, values);
    return new Message(
        m.offset(),
        m.link(),
        m.security(),
        m.systemTitle(),
        m.frameCounter(),
        m.apdu(),
        Optional.of(push),
        m.profile());
  }

  private List<PushValue> read(AttributeRef ref, Access access) {
    DlmsData value = access.value().orElseThrow();
    DlmsData described = value;
    if (access.columns().size() > 1) {
      // a profile that brings its columns along is read with their names
      described = DlmsData.Structure.of(captureObjects(access.columns()), value);
    }
    try {
      Push push =
          settings
              .layouts()
              .read(
                  new Apdu.EventNotification(
                      Optional.empty(), ref.classId(), ref.instance(), ref.attribute(), described),
                  settings.profile());
      return push.values().stream().map(this::scaled).toList();
    } catch (DlmsException e) {
      return List.of(); // too many for a list of values: the body has them all
    }
  }

  private static DlmsData captureObjects(List<Access.Column> columns) {
    return DlmsData.Array.of(
        columns.stream()
            .map(Access.Column::ref)
            .map(c ->
                DlmsData.Structure.of(
                    new DlmsData.LongUnsigned(c.classId()),
                    DlmsData.OctetString.of(c.instance()),
                    new DlmsData.Integer8(c.attribute()),
                    new DlmsData.LongUnsigned(0)))
            .toList());
  }

  private PushValue scaled(PushValue v) {
    Scaling scaling = scalings.get(v.obis());
    return scaling == null
            || v.scaling().known()
            || v.attribute() != 2
            || !(v.raw() instanceof DlmsData.Whole)
        ? v
        : new PushValue(
            v.obis(), v.attribute(), v.raw(), scaling, v.role(), v.at(), v.status(), v.row());
  }

  /** The one value; of several, a structure with null where there is none. */
  private static Optional<DlmsData> body(List<Access> accesses) {
    if (accesses.stream().allMatch(a -> a.value().isEmpty())) {
      return Optional.empty();
    }
    List<DlmsData> values =
        accesses.stream().map(a -> a.value().orElse(DlmsData.NullData.of())).toList();
    return Optional.of(values.size() == 1 ? values.get(0) : DlmsData.Structure.of(values));
  }

  /** Forgets the dedicated key. */
  @Override
  public void close() {
    forgetDedicated();
  }
}
