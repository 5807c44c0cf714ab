package io.appdbs.sample.wishes;

import java.util.LinkedHashMap;
import java.util.Map;

import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextException;
import io.appdbs.rls.RlsContextHolder;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Executes the same statement for two users and without a user, to show which rows it
 * returns.
 */
@RestController
class RowsDemo {

	private final WishRepository wishes;

	RowsDemo(WishRepository wishes) {
		this.wishes = wishes;
	}

	@GetMapping("/demo/rows")
	Map<String, Object> show() {
		Map<String, Object> answer = new LinkedHashMap<>();
		for (String user : new String[] { "alice", "bob" }) {
			answer.put(user, RlsContextHolder.supplyAs(RlsContext.of(user), this.wishes::findAll));
		}
		try {
			answer.put("without a user", this.wishes.findAll());
		}
		catch (DataAccessException ex) {
			answer.put("without a user", describe(ex));
		}
		return answer;
	}

	private static String describe(DataAccessException ex) {
		if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof RlsContextException noUser) {
			return String.valueOf(noUser.getMessage());
		}
		throw ex;
	}

}
