package io.appdbs.actuate.meter;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * The samples that Prometheus reads from a registry.
 *
 * @param samples the samples
 */
record Scrape(List<Sample> samples) {

	private static final Pattern LINE = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)$");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

	static Scrape of(PrometheusMeterRegistry registry) {
		return new Scrape(LINE.matcher(registry.scrape()).results().map((line) -> {
			Map<String, String> labels = new TreeMap<>();
			if (line.group(2) != null) {
				Matcher label = LABEL.matcher(line.group(2));
				while (label.find()) {
					labels.put(label.group(1), label.group(2));
				}
			}
			return new Sample(line.group(1), labels, Double.parseDouble(line.group(3)));
		}).toList());
	}

	/**
	 * Returns the samples of a name that have all the labels.
	 * @param labels as {@code key=value}
	 */
	List<Sample> find(String name, String... labels) {
		return this.samples.stream()
			.filter((sample) -> sample.name.equals(name) && sample.has(List.of(labels)))
			.toList();
	}

	/**
	 * Returns the value of the one sample of a name that has all the labels, or
	 * {@code null} if there is none.
	 */
	Double value(String name, String... labels) {
		List<Sample> found = find(name, labels);
		if (found.size() > 1) {
			throw new IllegalStateException("Several: " + found);
		}
		return found.isEmpty() ? null : found.get(0).value;
	}

	/**
	 * Returns the values of a label that the samples of a name have.
	 */
	List<String> labels(String name, String label) {
		return find(name).stream().map((sample) -> sample.labels.get(label)).distinct().sorted().toList();
	}

	/**
	 * A sample.
	 *
	 * @param name the name
	 * @param labels the labels
	 * @param value the value
	 */
	record Sample(String name, Map<String, String> labels, double value) {

		private boolean has(List<String> expected) {
			return expected.stream().allMatch((label) -> {
				String[] parts = label.split("=", 2);
				return parts[1].equals(this.labels.get(parts[0]));
			});
		}

	}

}
