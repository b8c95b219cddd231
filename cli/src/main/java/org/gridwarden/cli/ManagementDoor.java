package org.gridwarden.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The ways into a running Java that go round all of the house's own doors: debuggers, JMX, attach,
 * dumps of its memory, in which every key lies open. A server is not started with one of them, and
 * asks Linux to let nobody else make them (control C37).
 */
final class ManagementDoor {
  private static final List<Pattern> OPEN =
      List.of(
          Pattern.compile("-agentlib:jdwp.*|-Xrunjdwp.*|-Xdebug|-agentpath:.*jdwp.*"),
          Pattern.compile("-Dcom\\.sun\\.management\\.(jmxremote|config|snmp|agent).*"),
          Pattern.compile("-XX:\\+(HeapDumpOnOutOfMemoryError|HeapDumpBeforeFullGC)"),
          Pattern.compile("-XX:\\+(HeapDumpAfterFullGC|StartAttachListener|CreateCoredumpOnCrash)"),
          Pattern.compile("-XX:-DisableAttachMechanism"),
          Pattern.compile("-XX:(OnOutOfMemoryError|OnError|StartFlightRecording).*"));

  private static final int PR_GET_DUMPABLE = 3;
  private static final int PR_SET_DUMPABLE = 4;

  private ManagementDoor() {}

  /**
   * Looks for an open door among the options that Java was started with, whatever variable they
   * came from.
   *
   * @throws Failure naming the option
   */
  static void needShut(List<String> options) {
    firstOpen(options)
        .ifPresent(option -> {
          throw new Failure(
              "Java was started with "
                  + option
                  + ", a way into the server past its own doors; take it out of"
                  + " GRIDWARDEN_JAVA_OPTIONS, JAVA_TOOL_OPTIONS or JDK_JAVA_OPTIONS",
              Gridwarden.WRONG_INPUT);
        });
  }

  static Optional<String> firstOpen(List<String> options) {
    return options.stream()
        .filter(option -> OPEN.stream().anyMatch(open -> open.matcher(option).matches()))
        .map(option -> option.replaceAll("[=,].*", ""))
        .findFirst();
  }

  /**
   * Asks Linux to write no core file of this process, and to let no other process of the same user
   * read its memory (prctl, PR_SET_DUMPABLE). Where that is not to be had, nothing changes.
   */
  static boolean closeMemory() {
    return prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_GET_DUMPABLE, 0) == 0;
  }

  @SuppressWarnings("restricted") // the launcher gives the right to call
  private static int prctl(int what, long value) {
    try {
      Linker linker = Linker.nativeLinker();
      Optional<MemorySegment> function =
          linker.defaultLookup().or(SymbolLookup.loaderLookup()).find("prctl");
      if (function.isEmpty()) {
        return -1;
      }
      ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
      return (int)
          linker
              .downcallHandle(
                  function.get(),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, word, word, word, word),
                  Linker.Option.firstVariadicArg(1))
              .invokeExact(what, value, 0L, 0L, 0L);
    } catch (Throwable e) {
      return -1; // another system, or a Java that may not call
    }
  }
}
