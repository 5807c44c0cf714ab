package io.appdbs.bean.jpa;

import jakarta.persistence.AttributeConverter;

import org.springframework.beans.factory.ObjectProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Types of a persistence unit that need a bean.
 */
public final class ContainedTypes {

	private ContainedTypes() {
	}

	/**
	 * Converts with a bean.
	 */
	public static class Reversed implements AttributeConverter<String, String> {

		private final Reverser reverser;

		Reversed(Reverser reverser) {
			this.reverser = reverser;
		}

		@Override
		public String convertToDatabaseColumn(String attribute) {
			return this.reverser.reverse(attribute);
		}

		@Override
		public String convertToEntityAttribute(String column) {
			return this.reverser.reverse(column);
		}

	}

	/**
	 * Listens with a bean.
	 */
	public static class Listener {

		Listener(ObjectProvider<Reverser> reverser) {
			assertThat(reverser).isNotNull();
		}

	}

	/**
	 * A bean that units need.
	 */
	public static class Reverser {

		private final Runnable use;

		Reverser(Runnable use) {
			this.use = use;
		}

		String reverse(String text) {
			this.use.run();
			return new StringBuilder(text).reverse().toString();
		}

	}

}
