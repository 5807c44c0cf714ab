package io.appdbs.autoconfigure;

import org.junit.jupiter.api.Test;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of names that are not allowed.
 */
class InvalidNameTests {

	@Test
	void whenNameIsCamelCaseThenKebabCaseIsSuggested() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orderArchive:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Database 'orderArchive': the name is not allowed.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Rename 'app.dbs.orderArchive' to 'app.dbs.order-archive'. A name begins with a lower-case \
				letter, followed by lower-case letters, digits and hyphens.
				""");
	}

	@Test
	void whenNameHasUnderscoreThenHyphenIsSuggested() {
		assertThat(failureOf("""
				app:
				  dbs:
				    order_archive:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Database 'order_archive': the name is not allowed.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Rename 'app.dbs.order_archive' to 'app.dbs.order-archive'. A name begins with a lower-case \
				letter, followed by lower-case letters, digits and hyphens.
				""");
	}

	@Test
	void whenNameBeginsWithDigitThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    1orders:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Database '1orders': the name is not allowed.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Rename 'app.dbs.1orders' to 'app.dbs.orders'. A name begins with a lower-case letter, followed \
				by lower-case letters, digits and hyphens.
				""");
	}

	@Test
	void whenNameHasCharacterThatBootDropsThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    "[o/rders]":
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Database 'o/rders': the name is not allowed.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Rename 'app.dbs.o/rders' to 'app.dbs.o-rders'. A name begins with a lower-case letter, followed \
				by lower-case letters, digits and hyphens.
				""");
	}

	@Test
	void whenNameHasDotThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    "[order.archive]":
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Database 'order.archive': the name is not allowed.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Rename 'app.dbs.order.archive' to 'app.dbs.order-archive'. A name begins with a lower-case \
				letter, followed by lower-case letters, digits and hyphens.
				""");
	}

	@Test
	void whenNameHasAccentThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    défaut:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Database 'défaut': the name is not allowed.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Rename 'app.dbs.défaut' to 'app.dbs.d-faut'. A name begins with a lower-case letter, followed \
				by lower-case letters, digits and hyphens.
				""");
	}

	@Test
	void whenNameIsUnderscoreThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    _:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Database '_': the name is not allowed.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Rename 'app.dbs._' to 'app.dbs.database'. A name begins with a lower-case letter, followed by \
				lower-case letters, digits and hyphens.
				""");
	}

	@Test
	void whenNameIsThatOfTheDefaultsInTheEnvironmentThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    defaults:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Database 'defaults': the name is reserved.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Use another name, or 'app.dbs-defaults' if these values are meant for every database.
				""");
	}

	@Test
	void whenNamesDifferInHyphensOnlyThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    order-archive:
				      url: postgresql://localhost/orders
				    orderarchive:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Databases 'order-archive' and 'orderarchive' differ in hyphens only, so their beans and \
				environment variables collide.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Rename one of 'app.dbs.order-archive' and 'app.dbs.orderarchive', or merge them.
				""");
	}

	@Test
	void whenNamesDifferInNumberOfHyphensOnlyThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    order-archive:
				      url: postgresql://localhost/orders
				    order--archive:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				Databases 'order-archive' and 'order--archive' differ in hyphens only, so their beans and \
				environment variables collide.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Rename one of 'app.dbs.order-archive' and 'app.dbs.order--archive', or merge them.
				""");
	}

	@Test
	void whenDatabaseHasAValueThenItIsRefusedWithoutTheValue() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders: postgresql://app:s3cr3t@localhost/orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders' has a value of its own, but is a group of keys.

				    Origin: Byte array resource [application.yml] - 3:13

				Action:

				If the value is the URL of the database, move it to 'app.dbs.orders.url'.
				""");
	}

	@Test
	void whenAllDatabasesAreOneValueThenItIsRefusedWithoutTheValue() {
		assertThat(failureOf("""
				app:
				  dbs: postgresql://app:s3cr3t@localhost/orders
				""")).isEqualTo("""
				Description:

				'app.dbs' has a value of its own.

				    Origin: Byte array resource [application.yml] - 2:8

				Action:

				Give each database a name below 'app.dbs', for example 'app.dbs.orders.url'.
				""");
	}

}
