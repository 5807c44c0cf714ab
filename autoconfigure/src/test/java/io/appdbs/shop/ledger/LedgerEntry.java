package io.appdbs.shop.ledger;

import org.springframework.data.annotation.Id;

public record LedgerEntry(@Id Long id, String text) {

}
