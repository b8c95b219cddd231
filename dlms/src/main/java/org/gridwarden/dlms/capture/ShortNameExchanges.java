package org.gridwarden.dlms.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.InterfaceClasses;
import org.gridwarden.dlms.LongService;
import org.gridwarden.dlms.MethodNames;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.ShortNameService;
import org.gridwarden.dlms.ShortNameService.Read;
import org.gridwarden.dlms.ShortNameService.Variable;
import org.gridwarden.dlms.ShortNameService.Written;

/**
 * Brings answers by short names together with the questions before them, and tells the objects'
 * logical names once the association's object list was read (IEC 62056-6-2, class 12). Not
 * thread-safe.
 */
final class ShortNameExchanges {
  private static final int ASSOCIATION = 12;
  private static final int READ_REQUEST = 5;
  private static final int WRITE_REQUEST = 6;
  private static final int READ_RESPONSE = 12;
  private static final int MOST_OBJECTS = 4096;
  private static final ObisCode CURRENT = ObisCode.parse("0.0.40.0.0.255");

  private final BlockJoin question = new BlockJoin();
  private final BlockJoin answer = new BlockJoin();
  private final TreeMap<Integer, Place> objects = new TreeMap<>();
  private List<Access.Target> asked = List.of();

  /** Which object has a base name. */
  private record Place(int classId, ObisCode instance) {}

  ShortNameExchanges() {
    clear();
  }

  /** Forgets all: an association begins. */
  void clear() {
    asked = List.of();
    objects.clear();
    objects.put(MethodNames.CURRENT_ASSOCIATION, new Place(ASSOCIATION, CURRENT));
  }

  /**
   * What a message is about.
   *
   * @throws DlmsException where the blocks that it completes hold nothing
   */
  List<Access> take(ShortNameService service) throws DlmsException {
    return switch (service) {
      case ShortNameService.ReadRequest r -> read(r);
      case ShortNameService.ReadResponse r -> answered(r);
      case ShortNameService.WriteRequest w -> written(w);
      case ShortNameService.WriteResponse w -> results(w);
      case ShortNameService.UnconfirmedWriteRequest w -> each(targets(w.variables()), w.values());
      case ShortNameService.InformationReportRequest r -> each(targets(r.variables()), r.values());
    };
  }

  private List<Access> read(ShortNameService.ReadRequest request) throws DlmsException {
    if (request.variables().size() == 1) {
      switch (request.variables().getFirst()) {
        case Variable.BlockNumber _ -> {
          return asked.stream().map(Access::asked).toList();
        }
        case Variable.ReadBlock b -> {
          Optional<byte[]> whole = question.join(b.number(), b.last(), b.raw());
          return whole.isPresent()
                  && LongService.whole(whole.get(), READ_REQUEST)
                      instanceof ShortNameService.ReadRequest joined
              ? ask(joined.variables())
              : List.of();
        }
        default -> {
          // names
        }
      }
    }
    return ask(request.variables());
  }

  private List<Access> ask(List<Variable> variables) {
    asked = targets(variables);
    List<Access> all = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      // a method that returns something is read with its parameters
      all.add(
          asked.get(i) instanceof Access.Method method
                  && variables.get(i) instanceof Variable.Parameterized(int name, var selection)
              ? Access.of(method, selection.parameters())
              : Access.asked(asked.get(i)));
    }
    return all;
  }

  private List<Access> answered(ShortNameService.ReadResponse response) throws DlmsException {
    if (response.results().size() == 1
        && response.results().getFirst() instanceof Read.Block block) {
      Optional<byte[]> whole = answer.join(block.number(), block.last(), block.raw());
      if (whole.isEmpty()) {
        return asked.stream().map(Access::asked).toList();
      }
      Apdu joined = LongService.whole(whole.get(), READ_RESPONSE);
      return joined instanceof ShortNameService.ReadResponse all ? values(all) : List.of();
    }
    return values(response);
  }

  private List<Access> values(ShortNameService.ReadResponse response) {
    List<Access> all = new ArrayList<>();
    for (Read result : response.results()) {
      if (result instanceof Read.Whole(Outcome outcome)) {
        Access.Target target = at(asked, all.size());
        all.add(
            switch (outcome) {
              case Outcome.Value(DlmsData data) -> Access.of(target, data);
              case Outcome.Refused(AccessResult why) -> Access.of(target, why);
            });
      }
    }
    all.forEach(this::learn);
    return all;
  }

  private List<Access> written(ShortNameService.WriteRequest request) throws DlmsException {
    if (request.variables().size() == 1
        && request.variables().getFirst() instanceof Variable.WriteBlock block
        && request.values().size() == 1
        && request.values().getFirst() instanceof DlmsData.OctetString raw) {
      Optional<byte[]> whole = question.join(block.number(), block.last(), raw);
      return whole.isPresent()
              && LongService.whole(whole.get(), WRITE_REQUEST)
                  instanceof ShortNameService.WriteRequest joined
          ? write(joined)
          : List.of();
    }
    return write(request);
  }

  private List<Access> write(ShortNameService.WriteRequest request) {
    asked = targets(request.variables());
    return each(asked, request.values());
  }

  private List<Access> results(ShortNameService.WriteResponse response) {
    List<Access> all = new ArrayList<>();
    for (Written result : response.results()) {
      if (result instanceof Written.Whole(AccessResult how)) {
        all.add(Access.of(at(asked, all.size()), how));
      }
    }
    return all;
  }

  private static List<Access> each(List<Access.Target> what, List<DlmsData> values) {
    List<Access> all = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      all.add(Access.of(at(what, i), values.get(i)));
    }
    return all;
  }

  private static Access.Target at(List<Access.Target> what, int index) {
    return index < what.size() ? what.get(index) : new Access.Unknown();
  }

  // --- names

  private List<Access.Target> targets(List<Variable> variables) {
    return variables.stream().map(this::target).toList();
  }

  private Access.Target target(Variable variable) {
    return switch (variable) {
      case Variable.Name(int name) -> named(name, Optional.empty());
      case Variable.Parameterized(int name, Selection selection) ->
          named(name, Optional.of(selection));
      case Variable.BlockNumber _, Variable.ReadBlock _, Variable.WriteBlock _ ->
          new Access.Unknown();
    };
  }

  private Access.Target named(int name, Optional<Selection> selection) {
    Map.Entry<Integer, Place> base = objects.floorEntry(name);
    if (base != null) {
      Place place = base.getValue();
      int distance = name - base.getKey();
      for (int m = 1; InterfaceClasses.of(place.classId(), m, false).isPresent(); m++) {
        if (MethodNames.offset(place.classId(), m, 0).orElse(-1) == distance) {
          return new Access.Method(new MethodRef(place.classId(), place.instance(), m));
        }
      }
      int attribute = distance / MethodNames.STEP + 1;
      if (distance % MethodNames.STEP == 0
          && InterfaceClasses.of(place.classId(), attribute, true).isPresent()) {
        return new Access.Attribute(
            new AttributeRef(place.classId(), place.instance(), attribute), selection);
      }
    }
    return new Access.ShortName(name, selection);
  }

  /** The object list tells which object has which base name. */
  private void learn(Access access) {
    if (access.target() instanceof Access.Attribute(AttributeRef ref, var selection)
        && ref.classId() == ASSOCIATION
        && ref.attribute() == 2
        && access.value().orElse(DlmsData.NullData.of()) instanceof DlmsData.Array list) {
      for (DlmsData element : list.elements()) {
        // base_name, class_id, version, logical_name
        if (element instanceof DlmsData.Structure s
            && s.size() == 4
            && s.get(0) instanceof DlmsData.Whole base
            && s.get(1) instanceof DlmsData.LongUnsigned(int classId)
            && s.get(3) instanceof DlmsData.OctetString name
            && name.length() == 6
            && objects.size() < MOST_OBJECTS) {
          objects.put(
              (int) base.asLong() & 0xFFFF, new Place(classId, ObisCode.of(name.bytes(), 0)));
        }
      }
    }
  }
}
