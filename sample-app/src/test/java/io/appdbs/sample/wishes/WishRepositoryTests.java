package io.appdbs.sample.wishes;

import java.util.List;

import javax.sql.DataSource;

import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextException;
import io.appdbs.rls.RlsContextHolder;
import io.appdbs.test.rls.RlsAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class WishRepositoryTests {

	private static final RlsContext CARLA = RlsContext.of("carla");

	private static final RlsContext DAN = RlsContext.of("dan");

	@Autowired
	private WishRepository wishes;

	@Autowired
	@Qualifier("wishes")
	private JdbcClient jdbc;

	@Autowired
	@Qualifier("wishes")
	private DataSource dataSource;

	@BeforeEach
	void begin() {
		RlsContextHolder.runAs(DAN, () -> this.jdbc.sql("DELETE FROM wish").update());
		RlsContextHolder.runAs(CARLA, () -> {
			this.jdbc.sql("DELETE FROM wish").update();
			this.wishes.add(new Wish("moka-pot"));
		});
	}

	@Test
	void thePoliciesApplyToTheRoleOfCustomers() {
		RlsAssertions.assertThatPoliciesBind(this.dataSource, "role=shop_customer");
	}

	@Test
	void customersSeeOnlyTheirOwnWishes() {
		assertThat(RlsContextHolder.supplyAs(CARLA, this.wishes::findAll)).containsExactly(new Wish("moka-pot"));
		assertThat(RlsContextHolder.supplyAs(DAN, this.wishes::findAll)).isEmpty();
	}

	@Test
	void customersCannotRemoveWishesOfOthers() {
		RlsContextHolder.runAs(DAN, () -> this.wishes.remove("moka-pot"));
		assertThat(RlsContextHolder.supplyAs(CARLA, this.wishes::findAll)).containsExactly(new Wish("moka-pot"));
	}

	@Test
	void customersCannotAddWishesForOthers() {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> RlsContextHolder.supplyAs(DAN,
					() -> this.jdbc.sql("INSERT INTO wish (customer, product_id) VALUES ('carla', 'espresso-cup')")
						.update()))
			.havingRootCause()
			.withMessage("ERROR: new row violates row-level security policy for table \"wish\"");
	}

	@Test
	void twoCustomersCanWishForTheSameProduct() {
		RlsContextHolder.runAs(DAN, () -> this.wishes.add(new Wish("moka-pot")));
		for (RlsContext context : List.of(CARLA, DAN)) {
			assertThat(RlsContextHolder.supplyAs(context, this.wishes::findAll)).containsExactly(new Wish("moka-pot"));
		}
	}

	@Test
	void whenThereIsNoUserThenItIsAnError() {
		assertThatExceptionOfType(PermissionDeniedDataAccessException.class).isThrownBy(this.wishes::findAll)
			.havingCause()
			.isInstanceOf(RlsContextException.class)
			.withMessageStartingWith("Database 'wishes' has row-level security, but there is no user.");
	}

}
