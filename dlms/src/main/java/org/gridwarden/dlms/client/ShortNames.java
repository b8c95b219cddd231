package org.gridwarden.dlms.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
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
import org.gridwarden.dlms.client.ShortNameDirectory.Found;

/**
 * Read, Write and UnconfirmedWrite (IEC 62056-5-3, clauses 9.3.14 to 9.3.16). Logical names are
 * found in the association's object_list, which is read when the first one is asked for (IEC
 * 62056-6-2, class 12). A method is invoked by writing its parameters to its name, or by reading it
 * with them where it returns something.
 */
final class ShortNames implements Referencing {
  private static final int REPLY_TO_HLS = 8;
  private static final int OBJECT_LIST = MethodNames.CURRENT_ASSOCIATION + MethodNames.STEP;

  /** The access selector that stands before a method's parameters; the standard gives none. */
  private static final int PARAMETERS = 1;

  // what protection adds
  private static final int OVERHEAD = 48;

  /** Tag of a response: what comes in blocks is the rest of it. */
  private static final int READ_RESPONSE = 0x0C;

  private final Exchange exchange;
  private Optional<ShortNameDirectory> directory = Optional.empty();

  ShortNames(Exchange exchange) {
    this.exchange = exchange;
  }

  private int room() {
    return Math.max(16, exchange.meterMax() - OVERHEAD);
  }

  // --- names

  private Found find(Service.Selected what) throws IOException, DlmsException, AssociationRefused {
    if (what.selection().isPresent()) {
      exchange.require(Conformance.Service.PARAMETERIZED_ACCESS);
    }
    return directory().attribute(what);
  }

  private OptionalInt find(MethodRef ref) throws IOException, DlmsException, AssociationRefused {
    return directory().method(ref);
  }

  private ShortNameDirectory directory() throws IOException, DlmsException, AssociationRefused {
    if (directory.isEmpty()) {
      if (!(read(new Variable.Name(OBJECT_LIST)) instanceof Outcome.Value(DlmsData.Array list))) {
        throw new AssociationRefused("the meter does not tell its object list");
      }
      directory = Optional.of(ShortNameDirectory.of(list));
    }
    return directory.get();
  }

  // --- Read

  @Override
  public Outcome get(Service.Selected what) throws IOException, DlmsException, AssociationRefused {
    return switch (find(what)) {
      case Found.At(Variable variable) -> read(variable);
      case Found.Not(AccessResult why) -> new Outcome.Refused(why);
    };
  }

  private Outcome read(Variable variable) throws IOException, DlmsException, AssociationRefused {
    return read(List.of(variable)).getFirst();
  }

  @Override
  public List<Outcome> get(List<Service.Selected> what)
      throws IOException, DlmsException, AssociationRefused {
    List<Outcome> outcomes = new ArrayList<>();
    List<Integer> asked = new ArrayList<>();
    List<Variable> variables = new ArrayList<>();
    int size = 0;
    for (Service.Selected one : what) {
      switch (find(one)) {
        case Found.Not(AccessResult why) -> outcomes.add(new Outcome.Refused(why));
        case Found.At(Variable variable) -> {
          int length =
              LongService.body(new ShortNameService.ReadRequest(List.of(variable)), 2).length;
          boolean full =
              !exchange.may(Conformance.Service.MULTIPLE_REFERENCES)
                  || variables.size() == 0xFF
                  || size + length + 4 > room();
          if (!variables.isEmpty() && full) {
            fill(outcomes, asked, read(variables));
            variables.clear();
            size = 0;
          }
          variables.add(variable);
          size += length;
          asked.add(outcomes.size());
          outcomes.add(new Outcome.Refused(AccessResult.OTHER_REASON)); // until it is read
        }
      }
    }
    if (!variables.isEmpty()) {
      fill(outcomes, asked, read(variables));
    }
    return outcomes;
  }

  private static void fill(List<Outcome> outcomes, List<Integer> places, List<Outcome> read) {
    for (int i = 0; i < read.size(); i++) {
      outcomes.set(places.get(i), read.get(i));
    }
    places.clear();
  }

  private List<Outcome> read(List<Variable> variables)
      throws IOException, DlmsException, AssociationRefused {
    exchange.require(Conformance.Service.READ);
    ShortNameService.ReadRequest whole = new ShortNameService.ReadRequest(variables);
    Apdu answer =
        fits(whole, Conformance.Service.BLOCK_TRANSFER_WITH_GET)
            ? exchange.ask(whole)
            : readInBlocks(whole);
    if (answer instanceof ShortNameService.ReadResponse(List<Read> results)
        && results.size() == 1
        && results.getFirst() instanceof Read.Block first) {
      answer = joined(rest(first), variables.size());
    }
    List<Outcome> outcomes = new ArrayList<>();
    if (answer instanceof ShortNameService.ReadResponse response) {
      for (Read result : response.results()) {
        if (result instanceof Read.Whole(Outcome outcome)) {
          outcomes.add(outcome);
        }
      }
    }
    if (outcomes.size() != variables.size()) {
      throw Exchange.unexpected(variables.size() + " values", answer);
    }
    return outcomes;
  }

  /** As with GET, blocks carry one value as it is, several as the list of results. */
  private static Apdu joined(byte[] body, int asked) throws DlmsException {
    if (asked == 1) {
      try {
        return new ShortNameService.ReadResponse(
            List.of(new Read.Whole(new Outcome.Value(Axdr.decode(body)))));
      } catch (DlmsException e) {
        // some meters send a list of one
      }
    }
    return LongService.whole(body, READ_RESPONSE);
  }

  private boolean fits(ShortNameService whole, Conformance.Service blocks) {
    return !exchange.may(blocks) || Apdus.encode(whole).length <= room();
  }

  private Apdu readInBlocks(ShortNameService.ReadRequest whole)
      throws IOException, DlmsException, AssociationRefused {
    LongValue.Cutter cutter = new LongValue.Cutter(LongService.body(whole, 1));
    while (true) {
      Service.Block block = cutter.next(room() - 16);
      Apdu answer =
          exchange.ask(
              new ShortNameService.ReadRequest(
                  List.of(
                      new Variable.ReadBlock(block.last(), number(block.number()), block.raw()))));
      if (block.last()) {
        return answer;
      }
      if (!(answer instanceof ShortNameService.ReadResponse(List<Read> results)
          && results.equals(List.of(new Read.BlockTaken((int) block.number()))))) {
        throw Exchange.unexpected("block " + block.number() + " to be taken", answer);
      }
    }
  }

  private static int number(long number) throws AssociationRefused {
    if (number > 0xFFFF) {
      throw new AssociationRefused("the request has more blocks than can be numbered");
    }
    return (int) number;
  }

  private byte[] rest(Read.Block first) throws IOException, DlmsException, AssociationRefused {
    LongValue value = new LongValue();
    Read.Block block = first;
    while (true) {
      long number = value.take(block.last(), block.number(), block.raw());
      if (block.last()) {
        return value.bytes();
      }
      if (number == 0xFFFF) {
        throw Exchange.broken("more blocks than can be numbered");
      }
      Apdu answer =
          exchange.ask(
              new ShortNameService.ReadRequest(List.of(new Variable.BlockNumber((int) number))));
      if (!(answer instanceof ShortNameService.ReadResponse(List<Read> results))
          || results.size() != 1) {
        throw Exchange.unexpected("a block", answer);
      }
      block =
          switch (results.getFirst()) {
            case Read.Block next -> next;
            case Read.Whole(Outcome.Refused(AccessResult why)) ->
                throw new AssociationRefused("the meter breaks off its answer: " + why);
            default -> throw Exchange.unexpected("a block", answer);
          };
    }
  }

  // --- Write

  @Override
  public AccessResult set(Service.Selected what, DlmsData value)
      throws IOException, DlmsException, AssociationRefused {
    return switch (find(what)) {
      case Found.At(Variable variable) -> write(List.of(variable), List.of(value)).getFirst();
      case Found.Not(AccessResult why) -> why;
    };
  }

  @Override
  public List<AccessResult> set(List<Service.Selected> what, List<DlmsData> values)
      throws IOException, DlmsException, AssociationRefused {
    if (what.size() != values.size()) {
      throw new IllegalArgumentException(values.size() + " values for " + what.size() + " things");
    }
    List<AccessResult> results = new ArrayList<>();
    List<Integer> asked = new ArrayList<>();
    List<Variable> variables = new ArrayList<>();
    List<DlmsData> written = new ArrayList<>();
    boolean together = exchange.may(Conformance.Service.MULTIPLE_REFERENCES);
    for (int i = 0; i < what.size(); i++) {
      switch (find(what.get(i))) {
        case Found.Not(AccessResult why) -> results.add(why);
        case Found.At(Variable variable) when together -> {
          asked.add(results.size());
          variables.add(variable);
          written.add(values.get(i));
          results.add(AccessResult.OTHER_REASON); // until it is written
        }
        case Found.At(Variable variable) ->
            results.add(write(List.of(variable), List.of(values.get(i))).getFirst());
      }
    }
    if (!variables.isEmpty()) {
      List<AccessResult> done = write(variables, written);
      for (int i = 0; i < done.size(); i++) {
        results.set(asked.get(i), done.get(i));
      }
    }
    return results;
  }

  private List<AccessResult> write(List<Variable> variables, List<DlmsData> values)
      throws IOException, DlmsException, AssociationRefused {
    exchange.require(Conformance.Service.WRITE);
    ShortNameService.WriteRequest whole = new ShortNameService.WriteRequest(variables, values);
    Apdu answer =
        fits(whole, Conformance.Service.BLOCK_TRANSFER_WITH_SET)
            ? exchange.ask(whole)
            : writeInBlocks(whole);
    List<AccessResult> results = new ArrayList<>();
    if (answer instanceof ShortNameService.WriteResponse response) {
      for (Written result : response.results()) {
        if (result instanceof Written.Whole(AccessResult how)) {
          results.add(how);
        }
      }
    }
    if (results.size() != variables.size()) {
      throw Exchange.unexpected(variables.size() + " results", answer);
    }
    return results;
  }

  private Apdu writeInBlocks(ShortNameService.WriteRequest whole)
      throws IOException, DlmsException, AssociationRefused {
    LongValue.Cutter cutter = new LongValue.Cutter(LongService.body(whole, 1));
    while (true) {
      Service.Block block = cutter.next(room() - 16);
      int number = number(block.number());
      Apdu answer =
          exchange.ask(
              new ShortNameService.WriteRequest(
                  List.of(new Variable.WriteBlock(block.last(), number)), List.of(block.raw())));
      if (block.last()) {
        return answer;
      }
      if (!(answer instanceof ShortNameService.WriteResponse(List<Written> results)
          && results.equals(List.of(new Written.BlockTaken(number))))) {
        throw Exchange.unexpected("block " + number + " to be taken", answer);
      }
    }
  }

  @Override
  public void setUnconfirmed(Service.Selected what, DlmsData value)
      throws IOException, DlmsException, AssociationRefused {
    exchange.require(Conformance.Service.UNCONFIRMED_WRITE);
    Found found = find(what);
    if (found instanceof Found.At(Variable variable)) {
      exchange.tell(
          new ShortNameService.UnconfirmedWriteRequest(List.of(variable), List.of(value)));
    } else if (found instanceof Found.Not(AccessResult why)) {
      throw new AssociationRefused(what.attribute() + ": " + why);
    }
  }

  // --- methods

  @Override
  public Service.Invoked action(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    OptionalInt name = find(method);
    if (name.isEmpty()) {
      return new Service.Invoked(AccessResult.OBJECT_UNDEFINED, Optional.empty());
    }
    // a method without parameters is given the integer 0, as the classes' tables have it
    DlmsData value = parameters.orElse(new DlmsData.Integer8(0));
    if (MethodNames.returns(method.classId(), method.method())) {
      exchange.require(Conformance.Service.PARAMETERIZED_ACCESS);
      return invoked(
          read(new Variable.Parameterized(name.getAsInt(), new Selection(PARAMETERS, value))));
    }
    return new Service.Invoked(
        write(List.of(new Variable.Name(name.getAsInt())), List.of(value)).getFirst(),
        Optional.empty());
  }

  private static Service.Invoked invoked(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Value _ -> new Service.Invoked(AccessResult.SUCCESS, Optional.of(outcome));
      case Outcome.Refused(AccessResult why) -> new Service.Invoked(why, Optional.empty());
    };
  }

  @Override
  public List<Service.Invoked> action(List<MethodRef> methods, List<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    if (methods.size() != parameters.size()) {
      throw new IllegalArgumentException(
          parameters.size() + " values for " + methods.size() + " things");
    }
    List<Service.Invoked> results = new ArrayList<>();
    for (int i = 0; i < methods.size(); i++) {
      results.add(action(methods.get(i), Referencing.given(parameters.get(i))));
    }
    return results;
  }

  @Override
  public void actionUnconfirmed(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    exchange.require(Conformance.Service.UNCONFIRMED_WRITE);
    OptionalInt name = find(method);
    if (name.isEmpty()) {
      throw new AssociationRefused(method + ": " + AccessResult.OBJECT_UNDEFINED);
    }
    exchange.tell(
        new ShortNameService.UnconfirmedWriteRequest(
            List.of(new Variable.Name(name.getAsInt())),
            List.of(parameters.orElse(new DlmsData.Integer8(0)))));
  }

  @Override
  public Service.Invoked replyToHls(DlmsData proof)
      throws IOException, DlmsException, AssociationRefused {
    // whatever was negotiated, and before any object list can be read
    int name =
        MethodNames.CURRENT_ASSOCIATION
            + MethodNames.offset(ShortNameDirectory.ASSOCIATION_CLASS, REPLY_TO_HLS, 0)
                .orElseThrow();
    Apdu answer =
        exchange.ask(
            new ShortNameService.ReadRequest(
                List.of(new Variable.Parameterized(name, new Selection(PARAMETERS, proof)))));
    if (answer instanceof ShortNameService.ReadResponse(List<Read> results)
        && results.size() == 1
        && results.getFirst() instanceof Read.Whole(Outcome outcome)) {
      return invoked(outcome);
    }
    throw Exchange.unexpected("a proof", answer);
  }
}
