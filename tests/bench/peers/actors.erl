#!/usr/bin/env escript
%% -*- erlang -*-
%%! -kernel logger_level none inet_dist_use_interface {127,0,0,1}
%% The actor benchmarks in Erlang/OTP, as a user would write them and with its
%% own settings: the peer of `weft bench actors`. The last line that it prints
%% holds its numbers (see each function's unit).
%%
%%   escript actors.erl one_way COUNT           messages/s, one sender
%%   escript actors.erl ping_pong COUNT         us a round trip, one node
%%   escript actors.erl ping_pong_nodes COUNT   us a round trip, two nodes
%%   escript actors.erl spawn COUNT             processes/s and bytes each
%%   escript actors.erl restart COUNT           us from crash to ready, median
%%                                              and 99th percentile
%%   escript actors.erl version                 the release of OTP
-module(actors).
-mode(compile).
-behaviour(supervisor).
-export([main/1, init/1, start_worker/1, echo/0]).

main(["version"]) ->
    io:format("~s~n", [erlang:system_info(otp_release)]);
main([Name, Text]) ->
    Count = list_to_integer(Text),
    Values = case Name of
        "one_way" -> [one_way(Count)];
        "ping_pong" -> [ping_pong(Count)];
        "ping_pong_nodes" -> [ping_pong_nodes(Count)];
        "spawn" -> spawn_many(Count);
        "restart" -> restarts(Count)
    end,
    io:format("~s~n", [lists:join(" ", [io_lib:format("~.6f", [V * 1.0])
                                        || V <- Values])]).

now_us() -> erlang:monotonic_time(nanosecond) / 1000.

%% One process sends COUNT integers to another, which answers the last.
one_way(Count) ->
    Receiver = spawn_link(fun() -> receive_all(Count) end),
    Start = now_us(),
    Receiver ! {start, self()},
    send_all(Receiver, Count),
    receive done -> ok end,
    Count / (now_us() - Start) * 1.0e6.

send_all(_, 0) -> ok;
send_all(To, N) -> To ! N, send_all(To, N - 1).

receive_all(Count) ->
    receive {start, From} -> receive_all(Count, From) end.
receive_all(0, From) -> From ! done;
receive_all(N, From) ->
    receive X when is_integer(X) -> receive_all(N - 1, From) end.

%% COUNT sequential request/reply pairs with a reference, as gen_server:call.
ping_pong(Count) ->
    Echo = spawn_link(fun echo/0),
    round_trips(Echo, Count).

round_trips(Echo, Count) ->
    ping(Echo, min(Count, 1000)),
    Start = now_us(),
    ping(Echo, Count),
    (now_us() - Start) / Count.

echo() ->
    receive {From, Reference, X} -> From ! {Reference, X}, echo() end.

ping(_, 0) -> ok;
ping(Echo, N) ->
    Reference = make_ref(),
    Echo ! {self(), Reference, N},
    receive {Reference, N} -> ping(Echo, N - 1) end.

%% The same with the echo in a second Erlang node on this machine. Both nodes
%% talk to the epmd at ERL_EPMD_PORT, which must run. The second node ends when
%% its standard input does, so it cannot outlive this one.
ping_pong_nodes(Count) ->
    Suffix = os:getpid(),
    {ok, _} = net_kernel:start([list_to_atom("ping" ++ Suffix ++ "@127.0.0.1"),
                                longnames]),
    Name = "pong" ++ Suffix ++ "@127.0.0.1",
    Peer = list_to_atom(Name),
    Cookie = atom_to_list(erlang:get_cookie()),
    Port = open_port({spawn_executable, os:find_executable("erl")},
                     [{args, ["-noshell", "-name", Name, "-setcookie", Cookie,
                              "-start_epmd", "false",
                              "-kernel", "logger_level", "none",
                              "inet_dist_use_interface", "{127,0,0,1}",
                              "-eval", "spawn(fun() -> io:get_line([]), "
                                       "erlang:halt(0) end)."]}]),
    ok = connect(Peer, 200),
    {Module, Binary, File} = own_code(),
    {module, Module} = rpc:call(Peer, code, load_binary,
                                [Module, File, Binary]),
    Echo = spawn(Peer, Module, echo, []),
    Result = round_trips(Echo, Count),
    monitor_node(Peer, true),
    rpc:cast(Peer, erlang, halt, [0]),
    receive {nodedown, _} -> ok after 5000 -> ok end,
    catch port_close(Port),
    net_kernel:stop(),
    Result.

connect(_, 0) -> timeout;
connect(Peer, Tries) ->
    case net_kernel:connect_node(Peer) of
        true -> ok;
        _ -> timer:sleep(50), connect(Peer, Tries - 1)
    end.

own_code() ->
    File = source(),
    {ok, Forms} = epp:parse_file(File, []),
    Kept = [Form || Form <- Forms, element(1, Form) =/= error],
    {ok, Module, Binary} = compile:forms(Kept),
    file:delete(File),
    {Module, Binary, File}.

%% epp cannot read the #! line, so the module part is copied without it.
source() ->
    {ok, Text} = file:read_file(escript:script_name()),
    [_, Rest] = binary:split(Text, <<"\n">>),
    File = filename:join(os:getenv("TMPDIR", "/tmp"),
                         "actors_" ++ os:getpid() ++ ".erl"),
    ok = file:write_file(File, Rest),
    File.

%% COUNT idle processes: how fast they start, what each takes of the resident
%% memory. Then each must answer.
spawn_many(Count) ->
    erlang:garbage_collect(),
    Before = resident_bytes(),
    Start = now_us(),
    Pids = [spawn(fun echo/0) || _ <- lists:seq(1, Count)],
    Rate = Count / (now_us() - Start) * 1.0e6,
    Bytes = (resident_bytes() - Before) / Count,
    [ping(Pid, 1) || Pid <- Pids],
    [Rate, Bytes].

resident_bytes() ->
    {ok, Text} = file:read_file("/proc/self/statm"),
    [_, Pages | _] = binary:split(Text, <<" ">>, [global]),
    binary_to_integer(Pages) * list_to_integer(page_bytes()).

page_bytes() -> string:trim(os:cmd("getconf PAGESIZE")).

%% A supervised worker is crashed COUNT times; each time from the crash until
%% the new one has announced itself. Prints median and 99th percentile. Every
%% 50 crashes have a supervisor of their own, since it searches all restarts of
%% the last second at each restart.
restarts(Count) ->
    process_flag(trap_exit, true),
    Batches = [min(50, Count - Done) || Done <- lists:seq(0, Count - 1, 50)],
    Times = lists:sort(lists:append([crashes(Batch) || Batch <- Batches])),
    [lists:nth(max(1, Count div 2), Times),
     lists:nth(max(1, Count * 99 div 100), Times)].

crashes(Count) ->
    {ok, Supervisor} = supervisor:start_link(?MODULE, self()),
    Times = crash(ready(), Count, []),
    exit(Supervisor, shutdown),
    receive {'EXIT', Supervisor, _} -> Times end.

ready() -> receive {ready, Pid} -> Pid end.

crash(_, 0, Times) -> Times;
crash(Worker, N, Times) ->
    Start = now_us(),
    Worker ! crash,
    Next = ready(),
    crash(Next, N - 1, [now_us() - Start | Times]).

init(Parent) ->
    {ok, {#{strategy => one_for_one, intensity => 1000000, period => 1},
          [#{id => worker, start => {?MODULE, start_worker, [Parent]}}]}}.

start_worker(Parent) ->
    {ok, spawn_link(fun() ->
        Parent ! {ready, self()},
        receive crash -> exit(crashed) end
    end)}.
