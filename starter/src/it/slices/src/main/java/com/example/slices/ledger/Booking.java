package com.example.slices.ledger;

import org.springframework.data.annotation.Id;

public record Booking(@Id Long id, int amount) {

}
