package org.gridwarden.dlms.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.LongService;
import org.gridwarden.dlms.MethodNames;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.ShortNameService;
import org.gridwarden.dlms.ShortNameService.Read;
import org.gridwarden.dlms.ShortNameService.Variable;
import org.gridwarden.dlms.ShortNameService.Written;
import org.gridwarden.dlms.objects.AssociationSn;
import org.gridwarden.dlms.objects.CosemObject;

/**
 * Read, Write and UnconfirmedWrite of an open association, with lists and blocks as they were
 * negotiated (IEC 62056-5-3, clauses 9.3.14 to 9.3.16). Writing to a method's name invokes it;
 * reading it with parameters does so, too, and tells what it returns. One thread at a time.
 */
final class ShortNameServices implements Referencing {
  // header of a block and of its protection
  private static final int OVERHEAD = 48;

  private static final int READ_REQUEST = 5;
  private static final int WRITE_REQUEST = 6;
  private static final int MOST_BLOCKS = 0xFFFF;

  private final ShortNameTable names;
  private final ObjectAccess objects;
  private final Negotiated with;
  private Optional<Transfer> transfer = Optional.empty();

  /** What is under way. */
  private sealed interface Transfer {
    record Answer(LongAnswer answer) implements Transfer {}

    record ReadQuestion(LongQuestion question) implements Transfer {}

    record WriteQuestion(LongQuestion question) implements Transfer {}
  }

  ShortNameServices(ShortNameTable names, ObjectAccess objects, Negotiated with) {
    this.names = names;
    this.objects = objects;
    this.with = with;
  }

  /** The client's proof, where this is reply_to_HLS_authentication of the association. */
  static Optional<DlmsData> proof(Apdu question) {
    int name =
        MethodNames.CURRENT_ASSOCIATION
            + MethodNames.offset(AssociationSn.CLASS, AssociationSn.REPLY_TO_HLS, 0).orElseThrow();
    return question instanceof ShortNameService.ReadRequest(List<Variable> variables)
            && variables.size() == 1
            && variables.getFirst() instanceof Variable.Parameterized(int asked, Selection given)
            && asked == name
        ? Optional.of(given.parameters())
        : Optional.empty();
  }

  /** The answer to a read of one method. */
  static Apdu read(Service.Invoked result) {
    return new ShortNameService.ReadResponse(List.of(new Read.Whole(returned(result))));
  }

  private static Outcome returned(Service.Invoked invoked) {
    return invoked.result().isSuccess()
        ? invoked.returned().orElse(new Outcome.Value(DlmsData.NullData.of()))
        : new Outcome.Refused(invoked.result());
  }

  private boolean may(Conformance.Service service) {
    return with.conformance().has(service);
  }

  private boolean may(List<Variable> variables) {
    return variables.size() == 1
        || !variables.isEmpty() && may(Conformance.Service.MULTIPLE_REFERENCES);
  }

  @Override
  public Optional<Apdu> answer(Apdu question) {
    Optional<Transfer> going = transfer;
    transfer = Optional.empty(); // what goes on with it sets it again
    return switch (question) {
      case ShortNameService.ReadRequest read ->
          Optional.of(
              may(Conformance.Service.READ) && may(read.variables())
                  ? answer(read, going)
                  : unsupported(READ_REQUEST));
      case ShortNameService.WriteRequest write ->
          Optional.of(
              may(Conformance.Service.WRITE) && may(write.variables())
                  ? answer(write, going)
                  : unsupported(WRITE_REQUEST));
      case ShortNameService.UnconfirmedWriteRequest write -> {
        if (may(Conformance.Service.UNCONFIRMED_WRITE)
            && may(write.variables())
            && Referencing.match(write.variables(), write.values())) {
          write(write.variables(), write.values());
        }
        yield Optional.empty();
      }
      case Apdu.DataNotificationConfirm _ -> {
        transfer = going;
        yield Optional.empty();
      }
      default -> Referencing.notNegotiated();
    };
  }

  /** ConfirmedServiceError: class service [3], service-unsupported (2). */
  private static Apdu unsupported(int service) {
    return new Initiate.ServiceError(service, 3, 2);
  }

  @Override
  public Optional<Apdu> notification(AttributeRef attribute) {
    Optional<CosemObject> object =
        names.objects().values().stream()
            .filter(o -> o.identity().logicalName().equals(attribute.instance()))
            .findFirst();
    if (!may(Conformance.Service.INFORMATION_REPORT) || object.isEmpty()) {
      return Optional.empty();
    }
    OptionalInt name = names.attribute(object.get().identity(), attribute.attribute());
    return name.isPresent()
            && objects.read(new Service.Selected(attribute, Optional.empty()))
                instanceof Outcome.Value(DlmsData value)
        ? Optional.of(
            new ShortNameService.InformationReportRequest(
                Optional.empty(), List.of(new Variable.Name(name.getAsInt())), List.of(value)))
        : Optional.empty();
  }

  private Optional<ShortNameTable.Place> place(int name) {
    return name >= MethodNames.CURRENT_ASSOCIATION
        ? ShortNameTable.place(objects.current(), name - MethodNames.CURRENT_ASSOCIATION)
        : names.place(name);
  }

  // --- Read

  private Apdu answer(ShortNameService.ReadRequest request, Optional<Transfer> going) {
    boolean blocks = may(Conformance.Service.BLOCK_TRANSFER_WITH_GET);
    return switch (request.variables().getFirst()) {
      case Variable.BlockNumber(int number) when blocks -> next(number, going);
      case Variable.ReadBlock block when blocks -> {
        boolean goesOn = going.orElse(null) instanceof Transfer.ReadQuestion && block.number() != 1;
        LongQuestion question =
            goesOn && going.get() instanceof Transfer.ReadQuestion(LongQuestion more)
                ? more
                : new LongQuestion();
        AccessResult wrong = question.take(block.number(), block.raw());
        if (!wrong.isSuccess()) {
          yield refused(wrong);
        }
        if (!block.last()) {
          transfer = Optional.of(new Transfer.ReadQuestion(question));
          yield new ShortNameService.ReadResponse(List.of(new Read.BlockTaken(block.number())));
        }
        yield joined(question.bytes(), READ_REQUEST) instanceof ShortNameService.ReadRequest whole
                && may(whole.variables())
            ? read(whole)
            : refused(AccessResult.TYPE_UNMATCHED);
      }
      default -> read(request);
    };
  }

  private static Apdu joined(byte[] body, int tag) {
    try {
      return LongService.whole(body, tag);
    } catch (DlmsException e) {
      return new Service.ExceptionResponse(
          1, Service.ExceptionResponse.OTHER_REASON, OptionalLong.empty());
    }
  }

  private static Apdu refused(AccessResult why) {
    return new ShortNameService.ReadResponse(List.of(new Read.Whole(new Outcome.Refused(why))));
  }

  private Apdu read(ShortNameService.ReadRequest request) {
    List<Read> results = new ArrayList<>();
    AnswerRoom room = new AnswerRoom();
    for (Variable variable : request.variables()) {
      results.add(new Read.Whole(room.take(read(variable))));
    }
    ShortNameService.ReadResponse whole = new ShortNameService.ReadResponse(results);
    if (!may(Conformance.Service.BLOCK_TRANSFER_WITH_GET)) {
      return whole;
    }
    // as with GET: the blocks carry one value as it is, several as the list of results
    byte[] encoded =
        results.size() == 1
                && results.getFirst() instanceof Read.Whole(Outcome.Value(DlmsData value))
            ? Axdr.encode(value)
            : LongService.body(whole, 1);
    return encoded.length + OVERHEAD <= with.clientMax() ? whole : block(new LongAnswer(encoded));
  }

  private Outcome read(Variable variable) {
    return switch (variable) {
      case Variable.Name(int name) ->
          switch (place(name).orElse(null)) {
            case ShortNameTable.Place.Attribute a -> objects.read(selected(a, Optional.empty()));
            case ShortNameTable.Place.Method _ ->
                new Outcome.Refused(AccessResult.READ_WRITE_DENIED);
            case null -> CosemObject.none();
          };
      case Variable.Parameterized(int name, Selection selection) -> {
        if (!may(Conformance.Service.PARAMETERIZED_ACCESS)) {
          yield new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
        }
        yield switch (place(name).orElse(null)) {
          case ShortNameTable.Place.Attribute a ->
              objects.read(selected(a, Optional.of(selection)));
          case ShortNameTable.Place.Method m ->
              returned(objects.invoke(method(m), Referencing.given(selection.parameters())));
          case null -> CosemObject.none();
        };
      }
      default -> new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    };
  }

  private static Service.Selected selected(
      ShortNameTable.Place.Attribute place, Optional<Selection> selection) {
    CosemObject.Identity id = place.object().identity();
    return new Service.Selected(
        new AttributeRef(id.classId(), id.logicalName(), place.index()), selection);
  }

  private static MethodRef method(ShortNameTable.Place.Method place) {
    CosemObject.Identity id = place.object().identity();
    return new MethodRef(id.classId(), id.logicalName(), place.index());
  }

  private Apdu block(LongAnswer answer) {
    Service.Block block = answer.next(with.clientMax() - OVERHEAD);
    if (block.number() > MOST_BLOCKS) {
      return refused(AccessResult.LONG_GET_ABORTED);
    }
    transfer = block.last() ? Optional.empty() : Optional.of(new Transfer.Answer(answer));
    return new ShortNameService.ReadResponse(
        List.of(new Read.Block(block.last(), (int) block.number(), block.raw())));
  }

  private Apdu next(int number, Optional<Transfer> going) {
    if (going.orElse(null) instanceof Transfer.Answer(LongAnswer answer)) {
      return answer.number() == number
          ? block(answer)
          : refused(AccessResult.DATA_BLOCK_NUMBER_INVALID);
    }
    return refused(AccessResult.NO_LONG_GET_IN_PROGRESS);
  }

  // --- Write

  private Apdu answer(ShortNameService.WriteRequest request, Optional<Transfer> going) {
    if (!Referencing.match(request.variables(), request.values())) {
      return written(List.of(AccessResult.TYPE_UNMATCHED));
    }
    if (!(request.variables().getFirst() instanceof Variable.WriteBlock(boolean last, int number))
        || !may(Conformance.Service.BLOCK_TRANSFER_WITH_SET)) {
      return written(write(request.variables(), request.values()));
    }
    if (!(request.values().getFirst() instanceof DlmsData.OctetString raw)) {
      return written(List.of(AccessResult.TYPE_UNMATCHED));
    }
    LongQuestion question =
        number != 1 && going.orElse(null) instanceof Transfer.WriteQuestion(LongQuestion more)
            ? more
            : new LongQuestion();
    AccessResult wrong = question.take(number, raw);
    if (!wrong.isSuccess()) {
      return written(List.of(wrong));
    }
    if (!last) {
      transfer = Optional.of(new Transfer.WriteQuestion(question));
      return new ShortNameService.WriteResponse(List.of(new Written.BlockTaken(number)));
    }
    return joined(question.bytes(), WRITE_REQUEST)
                instanceof
                ShortNameService.WriteRequest(List<Variable> variables, List<DlmsData> values)
            && may(variables)
            && Referencing.match(variables, values)
        ? written(write(variables, values))
        : written(List.of(AccessResult.TYPE_UNMATCHED));
  }

  private static Apdu written(List<AccessResult> results) {
    return new ShortNameService.WriteResponse(
        results.stream().map(r -> (Written) new Written.Whole(r)).toList());
  }

  private List<AccessResult> write(List<Variable> variables, List<DlmsData> values) {
    List<AccessResult> results = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      results.add(write(variables.get(i), values.get(i)));
    }
    return results;
  }

  private AccessResult write(Variable variable, DlmsData value) {
    return switch (variable) {
      case Variable.Name(int name) ->
          switch (place(name).orElse(null)) {
            case ShortNameTable.Place.Attribute a ->
                objects.write(selected(a, Optional.empty()), value);
            case ShortNameTable.Place.Method m ->
                objects.invoke(method(m), Referencing.given(value)).result();
            case null -> AccessResult.OBJECT_UNDEFINED;
          };
      case Variable.Parameterized _ -> AccessResult.SCOPE_OF_ACCESS_VIOLATED;
      default -> AccessResult.SCOPE_OF_ACCESS_VIOLATED;
    };
  }
}
