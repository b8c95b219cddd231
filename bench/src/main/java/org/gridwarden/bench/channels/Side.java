package org.gridwarden.bench.channels;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What both processes of the test-bed have in common: they are told what to do line by line, answer
 * each by a line, and note what happens until it is asked for.
 */
final class Side {
  private final PrintStream out;
  private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();

  /** Does what a line says; its first word says what. */
  interface Task {
    /** Does it, and returns the answer. */
    String answer(List<String> words) throws Exception;
  }

  Side() {
    this.out = System.out;
    System.setOut(System.err); // what others print is no answer
  }

  /** Answers lines until there are no more. */
  void serve(Task task) throws Exception {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        List<String> words = List.of(line.split(" "));
        say(
            switch (words.getFirst()) {
              case "notes" -> write(Path.of(words.get(1)));
              case "usage" -> usage();
              default -> task.answer(words);
            });
      }
    }
  }

  /** Says a line. */
  synchronized void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Remembers what happened, until it is asked for. */
  void note(String note) {
    notes.add(note);
  }

  private String write(Path file) throws IOException {
    List<String> lines = new java.util.ArrayList<>();
    for (String note = notes.poll(); note != null; note = notes.poll()) {
      lines.add(note);
    }
    Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return "noted " + lines.size();
  }

  /** Processor time in nanoseconds, and the heap in use after a collection, in bytes. */
  private static String usage() {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long processor =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getProcessCpuTime()
            : 0;
    return "used " + processor + " " + heap;
  }
}
