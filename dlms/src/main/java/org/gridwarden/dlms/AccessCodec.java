package org.gridwarden.dlms;

import static org.gridwarden.dlms.DlmsException.malformed;

import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.AccessService.Specification;

/**
 * {@link AccessService} APDUs in A-XDR (IEC 62056-5-3, clause 9.5). Pure functions; thread-safe.
 */
final class AccessCodec {
  private static final int GET = 1;
  private static final int SET = 2;
  private static final int ACTION = 3;
  private static final int GET_WITH_SELECTION = 4;
  private static final int SET_WITH_SELECTION = 5;

  private AccessCodec() {}

  /** Reads what follows the tag. */
  static AccessService read(int tag, AxdrReader in) throws DlmsException {
    long invokeId = Apdus.invokeId(in);
    Optional<CosemDateTime> time = Apdus.dateTime(in);
    if (tag == ApduTag.ACCESS_REQUEST) {
      List<Specification> wanted = Services.list(in, AccessCodec::specification);
      return new AccessService.Request(invokeId, time, wanted, Services.list(in, AxdrReader::data));
    }
    Optional<List<Specification>> wanted =
        in.flag("whether the request is repeated")
            ? Optional.of(Services.list(in, AccessCodec::specification))
            : Optional.empty();
    return new AccessService.Response(
        invokeId,
        time,
        wanted,
        Services.list(in, AxdrReader::data),
        Services.list(in, AccessCodec::result));
  }

  private static Specification specification(AxdrReader in) throws DlmsException {
    int at = in.at();
    int choice = in.u8("the kind of access");
    return switch (choice) {
      case GET -> new Specification.Get(plain(in));
      case SET -> new Specification.Set(plain(in));
      case ACTION -> new Specification.Action(Services.method(in));
      case GET_WITH_SELECTION -> new Specification.Get(selected(in));
      case SET_WITH_SELECTION -> new Specification.Set(selected(in));
      default -> throw malformed(at, "an access of kind " + choice + " is not defined");
    };
  }

  private static Service.Selected plain(AxdrReader in) throws DlmsException {
    return new Service.Selected(Services.attribute(in), Optional.empty());
  }

  private static Service.Selected selected(AxdrReader in) throws DlmsException {
    return new Service.Selected(Services.attribute(in), Optional.of(Services.selection(in)));
  }

  private static AccessService.Result result(AxdrReader in) throws DlmsException {
    int at = in.at();
    int kind = in.u8("the kind of access");
    if (kind < GET || kind > ACTION) {
      throw malformed(at, "an access-response of kind " + kind + " is not defined");
    }
    return new AccessService.Result(kind, Services.result(in));
  }

  /** Writes what follows the tag. */
  static void write(AccessService apdu, AxdrWriter out) {
    Apdus.dateTime(out.u32(apdu.invokeId()), apdu.dateTime());
    switch (apdu) {
      case AccessService.Request request -> {
        specifications(request.specifications(), out);
        Services.values(request.data(), out);
      }
      case AccessService.Response response -> {
        response
            .request()
            .ifPresentOrElse(wanted -> specifications(wanted, out.u8(1)), () -> out.u8(0));
        Services.values(response.data(), out);
        out.length(response.results().size());
        response.results().forEach(r -> out.u8(r.kind()).u8(r.result().code()));
      }
    }
  }

  private static void specifications(List<Specification> wanted, AxdrWriter out) {
    out.length(wanted.size());
    wanted.forEach(s -> specification(s, out));
  }

  private static void specification(Specification one, AxdrWriter out) {
    switch (one) {
      case Specification.Get(Service.Selected what) ->
          selected(what, what.selection().isPresent() ? GET_WITH_SELECTION : GET, out);
      case Specification.Set(Service.Selected what) ->
          selected(what, what.selection().isPresent() ? SET_WITH_SELECTION : SET, out);
      case Specification.Action(MethodRef method) -> Services.method(method, out.u8(ACTION));
    }
  }

  private static void selected(Service.Selected what, int choice, AxdrWriter out) {
    Services.attribute(what.attribute(), out.u8(choice));
    what.selection().ifPresent(s -> out.u8(s.selector()).data(s.parameters()));
  }
}
