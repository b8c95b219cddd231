package org.gridwarden.dlms;

import static org.gridwarden.dlms.DlmsException.malformed;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.ShortNameService.Read;
import org.gridwarden.dlms.ShortNameService.Variable;
import org.gridwarden.dlms.ShortNameService.Written;

/**
 * {@link ShortNameService} APDUs in A-XDR (IEC 62056-5-3, clause 9.5). Pure functions; thread-safe.
 */
final class ShortNameCodec {
  /** YYYYMMDDhhmmss.fff+hhmm, and something to spare. */
  private static final int LONGEST_TIME = 32;

  private ShortNameCodec() {}

  /** Reads what follows the tag. */
  static ShortNameService read(int tag, AxdrReader in) throws DlmsException {
    return switch (tag) {
      case ApduTag.READ_REQUEST -> new ShortNameService.ReadRequest(variables(in));
      case ApduTag.READ_RESPONSE ->
          new ShortNameService.ReadResponse(Services.list(in, ShortNameCodec::readResult));
      case ApduTag.WRITE_REQUEST ->
          new ShortNameService.WriteRequest(variables(in), Services.list(in, AxdrReader::data));
      case ApduTag.WRITE_RESPONSE ->
          new ShortNameService.WriteResponse(Services.list(in, ShortNameCodec::writeResult));
      case ApduTag.UNCONFIRMED_WRITE_REQUEST ->
          new ShortNameService.UnconfirmedWriteRequest(
              variables(in), Services.list(in, AxdrReader::data));
      default ->
          new ShortNameService.InformationReportRequest(
              time(in), variables(in), Services.list(in, AxdrReader::data));
    };
  }

  private static Optional<String> time(AxdrReader in) throws DlmsException {
    if (!in.flag("whether a time is there")) {
      return Optional.empty();
    }
    int at = in.at();
    int length = in.length("the time");
    if (length > LONGEST_TIME) {
      throw malformed(at, "a time of " + length + " characters is none");
    }
    int from = in.skip(length, "the time");
    return Optional.of(new String(in.buffer(), from, length, StandardCharsets.ISO_8859_1));
  }

  private static List<Variable> variables(AxdrReader in) throws DlmsException {
    return Services.list(in, ShortNameCodec::variable);
  }

  private static Variable variable(AxdrReader in) throws DlmsException {
    int at = in.at();
    int choice = in.u8("the kind of variable");
    return switch (choice) {
      case 2 -> new Variable.Name(in.u16("the short name"));
      case 4 -> new Variable.Parameterized(in.u16("the short name"), Services.selection(in));
      case 5 -> new Variable.BlockNumber(in.u16("the block number"));
      case 6 ->
          new Variable.ReadBlock(
              in.flag("whether the block is the last"),
              in.u16("the block number"),
              in.octetString("the block"));
      case 7 ->
          new Variable.WriteBlock(
              in.flag("whether the block is the last"), in.u16("the block number"));
      default -> throw malformed(at, "a variable of kind " + choice + " is not defined");
    };
  }

  private static Read readResult(AxdrReader in) throws DlmsException {
    int at = in.at();
    int choice = in.u8("the kind of result");
    return switch (choice) {
      case 0 -> new Read.Whole(new Outcome.Value(in.data()));
      case 1 -> new Read.Whole(new Outcome.Refused(Services.result(in)));
      case 2 ->
          new Read.Block(
              in.flag("whether the block is the last"),
              in.u16("the block number"),
              in.octetString("the block"));
      case 3 -> new Read.BlockTaken(in.u16("the block number"));
      default -> throw malformed(at, "a read result of kind " + choice + " is not defined");
    };
  }

  private static Written writeResult(AxdrReader in) throws DlmsException {
    int at = in.at();
    int choice = in.u8("the kind of result");
    return switch (choice) {
      case 0 -> new Written.Whole(AccessResult.SUCCESS);
      case 1 -> new Written.Whole(Services.result(in));
      case 2 -> new Written.BlockTaken(in.u16("the block number"));
      default -> throw malformed(at, "a write result of kind " + choice + " is not defined");
    };
  }

  /** Writes what follows the tag. */
  static void write(ShortNameService apdu, AxdrWriter out) {
    switch (apdu) {
      case ShortNameService.ReadRequest r -> variables(r.variables(), out);
      case ShortNameService.ReadResponse r -> {
        out.length(r.results().size());
        r.results().forEach(result -> readResult(result, out));
      }
      case ShortNameService.WriteRequest w -> {
        variables(w.variables(), out);
        Services.values(w.values(), out);
      }
      case ShortNameService.WriteResponse w -> {
        out.length(w.results().size());
        w.results().forEach(result -> writeResult(result, out));
      }
      case ShortNameService.UnconfirmedWriteRequest w -> {
        variables(w.variables(), out);
        Services.values(w.values(), out);
      }
      case ShortNameService.InformationReportRequest i -> {
        i.time()
            .ifPresentOrElse(
                t -> out.u8(1).octets(t.getBytes(StandardCharsets.ISO_8859_1)), () -> out.u8(0));
        variables(i.variables(), out);
        Services.values(i.values(), out);
      }
    }
  }

  private static void variables(List<Variable> variables, AxdrWriter out) {
    out.length(variables.size());
    for (Variable variable : variables) {
      switch (variable) {
        case Variable.Name(int name) -> out.u8(2).u16(name);
        case Variable.Parameterized(int name, Selection selection) ->
            out.u8(4).u16(name).u8(selection.selector()).data(selection.parameters());
        case Variable.BlockNumber(int number) -> out.u8(5).u16(number);
        case Variable.ReadBlock b -> out.u8(6).u8(b.last() ? 1 : 0).u16(b.number()).octets(b.raw());
        case Variable.WriteBlock(boolean last, int number) ->
            out.u8(7).u8(last ? 1 : 0).u16(number);
      }
    }
  }

  private static void readResult(Read result, AxdrWriter out) {
    switch (result) {
      case Read.Whole(Outcome outcome) -> Services.outcome(outcome, out);
      case Read.Block b -> out.u8(2).u8(b.last() ? 1 : 0).u16(b.number()).octets(b.raw());
      case Read.BlockTaken(int number) -> out.u8(3).u16(number);
    }
  }

  private static void writeResult(Written result, AxdrWriter out) {
    switch (result) {
      case Written.Whole(AccessResult why) when why.isSuccess() -> out.u8(0);
      case Written.Whole(AccessResult why) -> out.u8(1).u8(why.code());
      case Written.BlockTaken(int number) -> out.u8(2).u16(number);
    }
  }
}
