#!/usr/bin/env escript
%%! +S 1:1 -noinput
%% Runs crash scripts on Erlang/OTP's own supervisor and prints what happened,
%% line by line, for the comparison with weft's supervisor.
%%
%% Usage: otp_oracle.escript SCRIPTS, a file of terms
%%   {script, Seed, Flags, Children, Steps}.
%% Flags and children are those of supervisor:init/1, but for a child's start:
%% `fails` is how many starts fail from the beginning, `stubborn` makes it
%% ignore the exit signal `shutdown`.
%%
%% The ends of processes come from tracing with strictly monotonic time
%% stamps, starts from the start function with the same clock: the order of the
%% lines is the order of the events, whatever order messages arrive in.
-mode(compile).
-export([init/1, start_child/2]).
-behaviour(supervisor).

main([File]) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    {ok, Scripts} = file:consult(File),
    lists:foreach(fun run/1, Scripts);
main(_) ->
    io:format(standard_error, "usage: otp_oracle.escript SCRIPTS~n", []),
    halt(2).

init({Flags, Specs}) -> {ok, {Flags, Specs}}.

%% --- one script -----------------------------------------------------------

run({script, Seed, Flags, Children, Steps}) ->
    io:format("script ~b~n", [Seed]),
    put(names, #{}),
    put(events, []),
    ets:new(failing, [named_table, public]),
    [ets:insert(failing, {Id, Fails})
     || #{id := Id, fails := Fails} <- Children],
    put(specs, maps:from_list([{Id, C} || #{id := Id} = C <- Children])),
    Simple = maps:get(strategy, Flags) =:= simple_one_for_one,
    put(simple, Simple),
    put(alive, []),
    Specs = [spec(C) || C <- Children, maps:get(initial, C)],
    Result = start_supervisor(Flags, Specs),
    settle(Result),
    case Result of
        {ok, Sup} -> steps(Steps, Sup);
        {error, _} -> io:format("ended not_started~n")
    end,
    ets:delete(failing),
    flush().

start_supervisor(Flags, Specs) ->
    supervisor:start_link(?MODULE, {Flags, Specs}).

spec(#{id := Id, restart := Restart, shutdown := Shutdown,
       significant := Significant, stubborn := Stubborn}) ->
    Args = case get(simple) of
               true -> [{self(), Stubborn}];
               false -> [Id, {self(), Stubborn}]
           end,
    #{id => Id, start => {?MODULE, start_child, Args}, restart => Restart,
      shutdown => Shutdown, significant => Significant}.

%% The extra argument of simple_one_for_one comes last.
start_child({Collector, Stubborn}, Name) ->
    start_child(Name, {Collector, Stubborn});
start_child(Name, {Collector, Stubborn}) ->
    Fails = case ets:lookup(failing, Name) of
                [{_, N}] when N > 0 -> ets:insert(failing, {Name, N - 1}), true;
                _ -> false
            end,
    case Fails of
        true ->
            Collector ! {event, stamp(), {failed, Name}},
            {error, no_room};
        false ->
            Sup = self(),
            Pid = spawn_link(fun() -> child(Sup, Stubborn) end),
            %% Before that, a stubborn child would still obey.
            receive {ready, Pid} -> ok end,
            1 = erlang:trace(Pid, true, [procs, strict_monotonic_timestamp,
                                         {tracer, Collector}]),
            Collector ! {event, stamp(), {started, Name, Pid}},
            {ok, Pid}
    end.

stamp() -> {erlang:monotonic_time(), erlang:unique_integer([monotonic])}.

child(Sup, Stubborn) ->
    process_flag(trap_exit, Stubborn),
    Sup ! {ready, self()},
    child_loop().

child_loop() ->
    receive
        {crash, Reason} -> exit(Reason);
        _ -> child_loop()
    end.

%% --- steps ----------------------------------------------------------------

steps([], Sup) ->
    case is_process_alive(Sup) of
        true ->
            exit(Sup, shutdown),
            settle({ok, Sup}),
            io:format("ended ~p~n", [sup_reason(Sup)]);
        false -> ok
    end;
steps([Step | Rest], Sup) ->
    io:format("step ~s~n", [show(Step)]),
    step(Step, Sup),
    settle({ok, Sup}),
    case is_process_alive(Sup) of
        true ->
            io:format("children ~s~n", [children(Sup)]),
            steps(Rest, Sup);
        false ->
            io:format("ended ~p~n", [sup_reason(Sup)])
    end.

show(Step) ->
    Words = [io_lib:format("~p", [E]) || E <- tuple_to_list(Step)],
    lists:flatten(lists:join(" ", Words)).

step({crash, Name, Reason}, _Sup) ->
    case lists:keyfind(Name, 1, get(alive)) of
        false -> ok;
        {_, Pid} -> crash(Pid, Reason)
    end;
step({fail, Name, Count}, _Sup) ->
    ets:insert(failing, {Name, Count});
step({terminate, Name}, Sup) ->
    case get(simple) of
        false -> result(supervisor:terminate_child(Sup, Name));
        true ->
            case lists:keyfind(Name, 1, get(alive)) of
                false -> ok;
                {_, Pid} ->
                    result(supervisor:terminate_child(Sup, Pid))
            end
    end;
step({terminate_id, Name}, Sup) ->
    result(supervisor:terminate_child(Sup, Name));
step({restart, Name}, Sup) ->
    result(supervisor:restart_child(Sup, Name));
step({delete, Name}, Sup) ->
    result(supervisor:delete_child(Sup, Name));
step({add, Name}, Sup) ->
    case get(simple) of
        true -> result(supervisor:start_child(Sup, [Name]));
        false ->
            Spec = spec(maps:get(Name, get(specs))),
            result(supervisor:start_child(Sup, Spec))
    end;
step({stop}, Sup) ->
    exit(Sup, shutdown).

%% Returns when the child's end has happened, seen from here.
crash(Pid, Reason) ->
    Monitor = monitor(process, Pid),
    case Reason of
        kill -> exit(Pid, kill);
        _ -> Pid ! {crash, Reason}
    end,
    receive {'DOWN', Monitor, process, Pid, _} -> ok end,
    wait_unlinked(Pid).

%% Until the supervisor's process has taken the exit signal in.
wait_unlinked(Pid) ->
    case get(sup) of
        undefined -> ok;
        Sup ->
            case process_info(Sup, links) of
                {links, Links} ->
                    case lists:member(Pid, Links) of
                        true -> erlang:yield(), wait_unlinked(Pid);
                        false -> ok
                    end;
                undefined -> ok
            end
    end.

result({ok, undefined}) -> io:format("result ignored~n");
result({ok, _}) -> io:format("result ok~n");
result(ok) -> io:format("result ok~n");
result({error, {already_started, _}}) -> io:format("result already_started~n");
result({error, {no_room, _}}) -> io:format("result failed~n");
result({error, no_room}) -> io:format("result failed~n");
result({error, {bad_combination, _}}) -> io:format("result invalid~n");
result({error, Atom}) when is_atom(Atom) -> io:format("result ~s~n", [Atom]).

children(Sup) ->
    Children = supervisor:which_children(Sup),
    Shown = case get(simple) of
                true ->
                    lists:sort([maps:get(P, get(names))
                                || {_, P, _, _} <- Children]);
                false ->
                    [atom_to_list(Id) ++ case P of undefined -> ""; _ -> "*" end
                     || {Id, P, _, _} <- lists:reverse(Children)]
            end,
    lists:flatten(lists:join(" ", [io_lib:format("~s", [S]) || S <- Shown])).

%% --- quiescence and events ---------------------------------------------------

%% Waits until the supervisor serves again with no restart pending, or is gone,
%% then prints the events in their order.
settle({ok, Sup}) ->
    put(sup, Sup),
    wait_quiet(Sup),
    drain();
settle({error, _}) ->
    receive {'EXIT', _, _} -> ok after 0 -> ok end,
    drain().

wait_quiet(Sup) ->
    try supervisor:which_children(Sup) of
        Children ->
            Pending = [x || {_, restarting, _, _} <- Children],
            Queued = case process_info(Sup, message_queue_len) of
                         {_, 0} -> false;
                         _ -> true
                     end,
            case Pending =/= [] orelse Queued of
                true -> wait_quiet(Sup);
                false -> ok
            end
    catch
        exit:_ ->
            receive {'EXIT', Sup, Reason} -> put({reason, Sup}, Reason) end
    end.

sup_reason(Sup) -> get({reason, Sup}).

drain() ->
    Ref = erlang:trace_delivered(all),
    collect(Ref),
    Events = lists:sort(get(events)),
    put(events, []),
    lists:foreach(fun({_, E}) -> print(E) end, Events).

collect(Ref) ->
    receive
        {event, Stamp, Event} ->
            put(events, [{Stamp, Event} | get(events)]),
            collect(Ref);
        {trace_ts, Pid, exit, Reason, Stamp} ->
            put(events, [{Stamp, {ended, Pid, Reason}} | get(events)]),
            collect(Ref);
        {trace_ts, _, _, _, _} -> collect(Ref);
        {trace_ts, _, _, _, _, _} -> collect(Ref);
        {trace_delivered, all, Ref} -> rest()
    end.

rest() ->
    receive
        {event, Stamp, Event} ->
            put(events, [{Stamp, Event} | get(events)]),
            rest();
        {trace_ts, Pid, exit, Reason, Stamp} ->
            put(events, [{Stamp, {ended, Pid, Reason}} | get(events)]),
            rest()
    after 0 -> ok
    end.

print({failed, Name}) ->
    io:format("failed ~s~n", [Name]);
print({started, Name, Pid}) ->
    put(names, maps:put(Pid, Name, get(names))),
    put(alive, lists:keystore(Name, 1, get(alive), {Name, Pid})),
    io:format("started ~s~n", [Name]);
print({ended, Pid, Reason}) ->
    Name = maps:get(Pid, get(names)),
    put(alive, lists:delete({Name, Pid}, get(alive))),
    io:format("ended ~s ~p~n", [Name, Reason]).

flush() ->
    receive _ -> flush() after 0 -> ok end.
